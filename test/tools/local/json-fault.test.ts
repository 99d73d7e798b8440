import { describe, expect, it } from 'vitest'
import { jsonFault } from '../../../tools/local/json-fault.ts'

const LONG = 'a'.repeat(100)

describe('tools/local/json-fault: jsonFault', () => {
  it.each([
    ['an unquoted text', '{"a": sentinel}', 1, 7, '{"a": "sentinel"}'],
    ['one in a long text', `{\n  "${LONG}": 1,\n  "b": sentinel\n}`, 3, 8, `{\n  "${LONG}": 1,\n  "b": 2\n}`],
    ['a comma at the end', '{"a": 1,}', 1, 9, '{"a": 1}'],
    ['a missing comma', '{"a": 1\n "b": 2}', 2, 2, '{"a": 1,\n "b": 2}'],
    ['a missing colon', '{"a" 1}', 1, 6, '{"a": 1}'],
    ['single quotes', "{'a': 1}", 1, 2, '{"a": 1}'],
    ['more behind the end', '{"a": 1}}', 1, 9, '{"a": 1}'],
    ['a line break in a text', '{"a": "x\ny"}', 1, 9, '{"a": "x\\ny"}'],
    ['a missing quote', '{"a": "x}', 1, 10, '{"a": "x"}'],
    ['a missing brace', '{"a": 1', 1, 8, '{"a": 1}'],
    ['nothing', '', 1, 1, 'null'],
    ['half a word', '{"a": tru}', 1, 10, '{"a": true}'],
  ])('finds the place of %s', (_, text, line, column, twin) => {
    expect(jsonFault(text)).toEqual({ line, column })
    expect(jsonFault(twin)).toBeUndefined()
  })
})
