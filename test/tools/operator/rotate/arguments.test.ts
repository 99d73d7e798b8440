import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../../tools/operator/rotate/arguments.ts'

const KID = '-abcdefghijklmnopqrstuvwxyz0123456789_ABCDE'
const OTHER = 'kZabcdefghijklmnopqrstuvwxyz0123456789_ABCD'
const NONE = { stage: 'local', region: undefined, compromised: undefined, beginAnew: false, isJson: false }

describe('npm run rotate: arguments', () => {
  it.each([
    [[], NONE],
    [['--stage', 'prod', '--region=eu-west-1'], { ...NONE, stage: 'prod', region: 'eu-west-1' }],
    [['--begin-anew'], { ...NONE, beginAnew: true }],
    [['--json'], { ...NONE, isJson: true }],
    [['--compromised'], { ...NONE, compromised: [] }],
    [['--compromised', KID], { ...NONE, compromised: [KID] }],
    [['--compromised', KID, OTHER, '--stage=dev'], { ...NONE, stage: 'dev', compromised: [KID, OTHER] }],
    [['--compromised=short', '--compromised=kid'], { ...NONE, compromised: ['short', 'kid'] }],
  ])('understands %j', (args, expected) => {
    expect(parseArguments(args)).toEqual(expected)
  })

  it.each([
    [['--stage'], '--stage needs a value.'],
    [['--stage='], '--stage needs a value.'],
    [['--stage', '../x'], '--stage: expected letters, digits and hyphens.'],
    [['--stage', '--compromised'], '--stage needs a value.'],
    [['--begin-anew=yes'], '--begin-anew takes no value.'],
    [['--compromised='], '--compromised needs a value.'],
    [['--force'], '"--force" is not understood.'],
    [[OTHER], `"${OTHER}" is not understood.`],
    [['--compromised', 'short'], '"short" is not understood.'],
    [['--compromised=a/b'], '--compromised: expected a key id as this command shows it.'],
  ])('refuses %j with the usage', (args, sentence) => {
    expect(() => parseArguments(args)).toThrow(`${sentence}\nUse: npm run rotate -- `)
  })
})
