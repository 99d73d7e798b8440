import { describe, expect, it } from 'vitest'
import {
  parseCommandLine,
  STAGE_OPTIONS,
  stageArguments,
  UsageError,
} from '../../../tools/operator/arguments.ts'

const USAGE = 'npm run example -- [--stage <stage>] [--quick]'
const OPTIONS = { ...STAGE_OPTIONS, quick: { type: 'boolean' } } as const

const parsed = (args: readonly string[], allowPositionals = false) => {
  const { values, positionals } = parseCommandLine(args, { options: OPTIONS, allowPositionals, usage: USAGE })
  return { ...values, positionals }
}

describe('tools/operator/arguments: parseCommandLine', () => {
  it.each([
    [[], { positionals: [] }],
    [['--stage', 'prod', '--quick'], { stage: 'prod', quick: true, positionals: [] }],
    [['--stage=prod'], { stage: 'prod', positionals: [] }],
    [['--stage=-prod'], { stage: '-prod', positionals: [] }],
    [['--stage', 'dev', '--stage', 'prod'], { stage: 'prod', positionals: [] }],
  ])('understands %j', (args, expected) => {
    expect(parsed(args)).toEqual(expected)
  })

  it.each([
    [['--stage'], '--stage needs a value.'],
    [['--stage='], '--stage needs a value.'],
    [['--stage', ''], '--stage needs a value.'],
    [['--stage', '--quick'], '--stage needs a value.'],
    [['--quick=yes'], '--quick takes no value.'],
    [['--quickly'], '"--quickly" is not understood.'],
    [['--constructor'], '"--constructor" is not understood.'],
    [['-q'], '"-q" is not understood.'],
    [['prod'], '"prod" is not understood.'],
  ])('refuses %j with one sentence and the usage', (args, sentence) => {
    expect(() => parsed(args)).toThrow(new UsageError(`${sentence}\nUse: ${USAGE}`))
  })

  it('takes other arguments where the command has some', () => {
    expect(parsed(['a', '--quick', 'b'], true)).toEqual({ quick: true, positionals: ['a', 'b'] })
  })
})

describe('tools/operator/arguments: stageArguments', () => {
  it.each([
    [{}, { stage: 'local', region: undefined }],
    [
      { stage: 'prod', region: 'eu-west-1' },
      { stage: 'prod', region: 'eu-west-1' },
    ],
    [{ stage: 's'.repeat(32) }, { stage: 's'.repeat(32), region: undefined }],
  ])('takes %j', (values, expected) => {
    expect(stageArguments(values, USAGE)).toEqual(expected)
  })

  it.each(['../x', 'a b', '', 's'.repeat(33)])('refuses stage "%s"', (stage) => {
    expect(() => stageArguments({ stage }, USAGE)).toThrow(
      new UsageError(`--stage: expected letters, digits and hyphens.\nUse: ${USAGE}`),
    )
  })
})
