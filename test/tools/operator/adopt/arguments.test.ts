import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../../tools/operator/adopt/arguments.ts'
import { UsageError } from '../../../../tools/operator/arguments.ts'

const STAGE = ['--stage', 'prod', '--region', 'eu-west-1']

describe('tools/operator/adopt/arguments', () => {
  it('takes a stage with its region, and asks before it restores', () => {
    expect(parseArguments(STAGE)).toEqual({
      stage: 'prod',
      region: 'eu-west-1',
      parameters: [],
      isConfirmed: false,
      isJson: false,
    })
  })

  it('takes the parameters of the deployment, and the word that nobody need be asked', () => {
    expect(
      parseArguments([...STAGE, '--param', 'deletionProtection=false', '--param=logLevel=WARN', '--yes']),
    ).toMatchObject({ parameters: ['deletionProtection=false', 'logLevel=WARN'], isConfirmed: true })
  })

  it.each([
    ['no stage', ['--region', 'eu-west-1'], 'Name a deployed stage: nothing of the local one stays'],
    ['the local stage', ['--stage', 'local', '--region', 'eu-west-1'], 'Name a deployed stage'],
    ['no region', ['--stage', 'prod'], 'Name the region, as for the deployment.'],
    ['no region at all', ['--stage', 'prod', '--region', 'europe'], '--region: expected a region of AWS'],
    ['a parameter without a value', [...STAGE, '--param', 'logLevel'], '--param: expected <name>=<value>'],
    ['an unknown option', [...STAGE, '--force'], '"--force" is not understood.'],
    ['an argument too many', [...STAGE, 'callers'], '"callers" is not understood.'],
  ])('refuses %s', (_name, args, sentence) => {
    expect(() => parseArguments(args)).toThrow(UsageError)
    expect(() => parseArguments(args)).toThrow(sentence)
  })
})
