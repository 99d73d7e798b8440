import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nestsDeeper, repeatedMember, unescaped } from '../../lib/json-text.ts'

const KIB_256 = 256 * 1024

describe('lib/json-text unescaped', () => {
  it.each([
    ['{"a":"b"}', '{"a":"b"}'],
    ['"\\u0061\\u0062c"', '"abc"'],
    ['"a\\/b"', '"a/b"'],
    ['"\\"\\\\\\b\\f\\n\\r\\t"', '""\\\b\f\n\r\t"'],
    ['"\\ud83d\\ude00"', '"😀"'],
    ['"\\\\u0061"', '"\\u0061"'],
    ['"\\u00"', '"u00"'],
    ['ends with \\', 'ends with \\'],
  ])('%s becomes %s', (text, expected) => {
    expect(unescaped(text)).toBe(expected)
  })

  it('shows every string that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(unescaped(JSON.stringify([value]))).toBe(`["${value}"]`)
      }),
    )
  })
})

describe('lib/json-text nestsDeeper', () => {
  it.each([
    ['lists', '[[[]]]'],
    ['objects', '{"a":{"b":{}}}'],
    ['both', '{"a":[{"b":1}]}'],
    ['brackets that nothing closes', '[[['],
    ['brackets behind a string with an escaped quote', '["\\"",[[1]]]'],
    ['brackets behind a string that ends in a backslash', '["\\\\",[[1]]]'],
  ])('counts the levels of %s: three are deeper than two, and not than three', (_, text) => {
    expect([nestsDeeper(text, 2), nestsDeeper(text, 3)]).toEqual([true, false])
  })

  it.each([
    ['a string', '"[[["'],
    ['a string with an escaped quote', '"\\"[[["'],
    ['a string that nothing closes', '"[[['],
    ['a string whose last quote is escaped', '"[[[\\"'],
    ['lists side by side', '[[],[],[]]'],
  ])('does not count the brackets in %s', (_, text) => {
    expect(nestsDeeper(text, 2)).toBe(false)
  })

  it('looks at a file of 4 MB in a string, and at 4 MB of quotes and backslashes, in well under a second', () => {
    const began = performance.now()
    for (const text of [
      `["${'a'.repeat(4_000_000)}"]`,
      `["${'\\"'.repeat(2_000_000)}"]`,
      '"'.repeat(4_000_000),
    ])
      expect(nestsDeeper(text, 2)).toBe(false)
    expect(nestsDeeper(`["${'\\'.repeat(4_000_000)}"]`, 2)).toBe(false)
    expect(performance.now() - began).toBeLessThan(3_000)
  })
})

describe('lib/json-text repeatedMember', () => {
  it.each([
    ['twice', '{"a":1,"a":2}', 'a'],
    ['twice, once escaped', '{"from":1,"\\u0066rom":2}', 'from'],
    ['twice, with escapes that only look different', '{"a/b":1,"a\\/b":2}', 'a/b'],
    ['twice, far apart', '{"a":1,"b":{"c":[1,2]},"d":[{"a":3}],"a":4}', 'a'],
    ['twice within a member', '{"a":{"b":{"c":1,"c":2}}}', 'c'],
    ['twice within an array', '[{"a":1},{"b":1,"b":2}]', 'b'],
    ['twice, with blanks before the colons', '{"a" \t:1,\n"a"\r\n:2}', 'a'],
    ['twice and empty', '{"":1,"":2}', ''],
    ['twice, of a name that objects have', '{"__proto__":1,"__proto__":2}', '__proto__'],
    ['twice in two objects, the one that ends first', '{"a":{"b":1,"b":2},"a":3}', 'b'],
  ])('finds a name that stands %s', (_, text, name) => {
    expect(JSON.parse(text)).toBeDefined()
    expect(repeatedMember(text)).toBe(name)
  })

  it.each([
    ['once', '{"a":1,"b":2}'],
    ['once in each object', '{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}'],
    ['in another case', '{"a":1,"A":2}'],
    ['as a value too', '{"a":"a","b":["a","a"]}'],
    ['within a string', '{"a":"{\\"a\\":1,\\"a\\":2}"}'],
    ['in a string with brackets of its own', '{"a":"}","b":"{","c":"\\\\"}'],
    ['in no object', '["a","a"]'],
    ['with escapes that are text', '{"\\\\u0061":1,"a":2}'],
  ])('finds nothing where a name stands %s', (_, text) => {
    expect(JSON.parse(text)).toBeDefined()
    expect(repeatedMember(text)).toBeUndefined()
  })

  it('agrees with JSON.stringify, which repeats nothing', () => {
    fc.assert(fc.property(fc.json(), (text) => repeatedMember(text) === undefined))
  })

  it.each([
    ['brackets', '['.repeat(KIB_256 / 2) + ']'.repeat(KIB_256 / 2)],
    ['objects', `${'{"a":'.repeat(KIB_256 / 6)}1${'}'.repeat(KIB_256 / 6)}`],
    ['empty strings', `[${'"",'.repeat(KIB_256 / 3)}""]`],
    ['escaped quotes', `["${'\\"'.repeat(KIB_256 / 2)}"]`],
    ['blanks', `{"a"${' '.repeat(KIB_256)}:1}`],
    ['strings with blanks behind them', `["a"${' '.repeat(1000)}${',"a"'.repeat(KIB_256 / 4)}]`],
    ['a string without an end', `["${'a\\"'.repeat(KIB_256 / 3)}`],
  ])('reads 256 KiB of %s in time', (_, text) => {
    const began = performance.now()
    expect(repeatedMember(text)).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(500)
  })
})
