import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import {
  flag,
  invisibleIn,
  lookup,
  numberAsText,
  oneOf,
  printable,
  text,
  wholeNumber,
} from '../../../lib/schemas/setting-types.ts'
import { faultsIn } from '../../support/schemas.ts'

const NO_BREAK_SPACE = '(whole): expected no invisible character, but it holds U+00A0: type it anew'

describe('lib/schemas/setting-types: invisibleIn', () => {
  it.each([
    ['a zero-width blank', 'a\u200bb', 'U+200B'],
    ['a no-break space', 'a\u00a0b', 'U+00A0'],
    ['a control character', 'a\u0001', 'U+0001'],
    ['the blank of Braille', '\u2800', 'U+2800'],
    ['a tag beyond the first plane', 'a\u{e0041}', 'U+E0041'],
  ])('names %s by its code point', (_, value, name) => {
    expect(invisibleIn(value)).toBe(`expected no invisible character, but it holds ${name}: type it anew`)
  })

  it.each(['', 'a b', 'Zo\u00eb', '\u5f20\u4e09'])('finds none in %j', (value) => {
    expect(invisibleIn(value)).toBeUndefined()
  })
})

describe('lib/schemas/setting-types', () => {
  const EXPECTED = 'expected a to z'
  const CASES: readonly [string, z.ZodMiniType, good: unknown[], bad: [unknown, string][]][] = [
    [
      'text',
      text(/^[a-z]+$/, EXPECTED),
      ['abc'],
      [
        ['ABC', `(whole): ${EXPECTED}`],
        [7, `(whole): ${EXPECTED}`],
        ['a\u00a0b', NO_BREAK_SPACE],
      ],
    ],
    [
      'printable',
      printable(3),
      ['!~9'],
      ['', 'abcd', 'a b', '\u5f20'].map((bad) => [
        bad,
        '(whole): expected 1 to 3 printable ASCII characters, no blanks inside',
      ]),
    ],
    [
      'oneOf',
      oneOf(['a', 'b', 'c']),
      ['a', 'c'],
      [
        ['d', '(whole): expected "a", "b" or "c"'],
        [undefined, '(whole): expected "a", "b" or "c"'],
        ['a\u00a0', NO_BREAK_SPACE],
      ],
    ],
    [
      'wholeNumber',
      wholeNumber(1, 10),
      [1, 10, '7'],
      [0, 11, 1.5, '1e1', '', null, '-1'].map((bad) => [
        bad,
        '(whole): expected a whole number from 1 to 10',
      ]),
    ],
    [
      'flag',
      flag(),
      [true, 'false'],
      ['yes', 1, 'TRUE'].map((bad) => [bad, '(whole): expected true or false']),
    ],
  ]

  it.each(CASES)('%s takes what it is for, and has one sentence for the rest', (_, schema, good, bad) => {
    for (const value of good) expect(faultsIn(schema, value)).toBe('none')
    for (const [value, fault] of bad) expect(faultsIn(schema, value)).toContain(fault)
  })

  it('reads digits as the number that they are, and words as true or false', () => {
    expect(numberAsText(z.int()).parse('42')).toBe(42)
    expect(flag().parse('true')).toBe(true)
    expect(flag().parse('false')).toBe(false)
  })
})

describe('lib/schemas/setting-types: lookup', () => {
  const Name = text(/^[a-z]+$/, 'expected a name')
  const Item = text(/^\d+$/, 'expected digits')
  const Lookup = lookup(Name, Item, 'expected an object')

  it('takes blanks off names and texts', () => {
    expect(Lookup.parse({ ' a ': ' 1 ', b: '2' })).toEqual({ a: '1', b: '2' })
  })

  it.each([
    ['a name that is none', { A: '1' }, '*: expected a name'],
    ['a text that is none', { a: 'x' }, '*: expected digits'],
    ['two names that differ by blanks', { a: '1', ' a': '2' }, '*: expected each name once'],
    ['a list', ['1'], '(whole): expected an object'],
  ])('refuses %s without repeating a name', (_, value, fault) => {
    expect(faultsIn(Lookup, value)).toBe(fault)
  })
})
