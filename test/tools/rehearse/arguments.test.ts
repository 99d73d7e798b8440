import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../tools/rehearse/arguments.ts'

describe('tools/rehearse/arguments', () => {
  it('rehearses in the emulator when nothing is said', () => {
    expect(parseArguments([])).toEqual({
      mode: 'emulator',
      stage: 'rehearsal',
      region: 'eu-west-1',
      secretsFile: undefined,
      from: undefined,
      json: false,
    })
  })

  it('takes a real account with its region, a stage of its own and the secrets of a tenant', () => {
    const line = [
      '--real',
      '--region',
      'us-east-1',
      '--stage',
      'rehearsal-7',
      '--secrets',
      'x.json',
      '--json',
    ]
    expect(parseArguments(line)).toEqual({
      mode: 'real',
      stage: 'rehearsal-7',
      region: 'us-east-1',
      secretsFile: 'x.json',
      from: undefined,
      json: true,
    })
  })

  it.each(['--install', '--self-test', '--upgrade'])('takes %s alone', (option) => {
    expect(parseArguments([option]).mode).toBe(option.slice(2))
  })

  it.each([
    ['prod', 'rehearsal'],
    ['my-rehearsal', 'rehearsal-my'],
    ['rehearsal_1', 'rehearsal-1'],
    ['rehearsal-and-its-long-n', 'rehearsal-and-its-long-'],
  ])('refuses stage %s, which it would delete, and takes %s', (refused, taken) => {
    expect(() => parseArguments(['--stage', refused])).toThrow(
      '--stage: expected a name that begins with "rehearsal"',
    )
    expect(parseArguments(['--stage', taken]).stage).toBe(taken)
  })

  it.each([
    [['--real'], '--real needs --region <region>.', ['--real', '--region', 'eu-west-1']],
    [
      ['--secrets', 'x'],
      '--secrets goes with --real.',
      ['--secrets', 'x', '--real', '--region', 'eu-west-1'],
    ],
    [['--from', 'v1.0.0'], '--from goes with --upgrade.', ['--upgrade', '--from', 'v1.0.0']],
    [['--upgrade', '--real'], '--upgrade and --real exclude each other.', ['--upgrade']],
    [['--install', '--self-test'], '--install and --self-test exclude each other.', ['--install']],
    [['--realy'], '"--realy" is not understood.', []],
  ])('refuses %j in a sentence', (refused, sentence, taken) => {
    expect(() => parseArguments(refused)).toThrow(sentence)
    expect(() => parseArguments(taken)).not.toThrow()
  })
})
