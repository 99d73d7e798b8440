import { describe, expect, it } from 'vitest'
import { characterSet } from '../../../lib/schemas/character-set.ts'

describe('lib/schemas/character-set', () => {
  it.each([
    ['a-f_', '\\u{61}-\\u{66}\\u{5f}'],
    ['a', '\\u{61}'],
    ['a-a', '\\u{61}-\\u{61}'],
    ['-', '\\u{2d}'],
    ['-a', '\\u{2d}\\u{61}'],
    ['a-', '\\u{61}\\u{2d}'],
    ['0-9-', '\\u{30}-\\u{39}\\u{2d}'],
    ['+--', '\\u{2b}-\\u{2d}'],
    ['\u4e00-\u9fa5', '\\u{4e00}-\\u{9fa5}'],
    ['\u{1f600}-\u{1f64f}', '\\u{1f600}-\\u{1f64f}'],
    ['a b', '\\u{61}\\u{20}\\u{62}'],
    // no expressions: each stands for itself
    ['[^\\d]', '\\u{5b}\\u{5e}\\u{5c}\\u{64}\\u{5d}'],
    ['.*', '\\u{2e}\\u{2a}'],
  ])('reads %j', (set, expected) => {
    expect(characterSet(set)).toBe(expected)
  })

  it.each([
    ['empty', ''],
    ['blank', ' '],
    ['a range that runs backwards', 'z-a'],
    ['a range that runs backwards, by code points', '\u{1f600}-\uffff'],
    ['a hyphen between a range and a character', 'a-z-9'],
    ['a range to a hyphen that is not last', 'a--z'],
    ['half a surrogate pair', 'a-\ud800'],
  ])('does not read one that is %s', (_, set) => {
    expect(characterSet(set)).toBeUndefined()
    expect(characterSet('a-z')).toBeDefined()
  })

  it.each([
    ['a-zA-Z0-9._-', 'Tom_1.x-y', 'tom smith'],
    ['\u4e00-\u9fa5', '\u5f20\u4e09', 'Tom'],
    ['\u{1f600}-\u{1f64f}', '\u{1f601}', '\u{1f300}'],
    ['\\d', 'd\\', '7'],
    ['^a', 'a^', 'b'],
    [']', ']', 'a'],
  ])('makes a class of %j that holds what it lists and nothing else', (set, inside, outside) => {
    const only = new RegExp(`^[${characterSet(set)}]+$`, 'u')
    expect({ inside: only.test(inside), outside: only.test(outside) }).toEqual({
      inside: true,
      outside: false,
    })
  })
})
