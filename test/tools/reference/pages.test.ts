import { describe, expect, it } from 'vitest'
import { SETTING_NAMES } from '../../../lib/config.ts'
import { ERRORS } from '../../../lib/errors.ts'
import { table } from '../../../tools/reference/markdown.ts'
import { referencePages } from '../../../tools/reference/pages.ts'

const pages = referencePages()
const rowsOf = (page: string): readonly (readonly string[])[] =>
  (pages[page] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))

describe('tools/reference/pages', () => {
  it('has each code of lib/errors in one row, with its kind', () => {
    const kinds = rowsOf('errors').filter(([kind = '']) => Object.values<string>(ERRORS).includes(kind))
    const found = kinds.flatMap(([kind, , , codes = '']) =>
      codes.split(' ').map((code) => [code.replaceAll('`', ''), kind]),
    )
    expect(Object.fromEntries(found)).toEqual(ERRORS)
    expect(found).toHaveLength(Object.keys(ERRORS).length)
  })

  it('has a row for each setting that a function reads', () => {
    const names = rowsOf('settings').map(([name = '']) => name.replaceAll('`', ''))
    expect(names).toEqual(expect.arrayContaining([...SETTING_NAMES]))
  })

  it('tells CEC’s six classes, and no retCode twice', () => {
    const retCodes = rowsOf('errors').filter(([retCode = '']) => /^\d$/.test(retCode))
    expect(retCodes.map(([retCode]) => retCode)).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  })

  it('shows a bar in a cell as a bar', () => {
    expect(table(['a'], [['"x"|"y"']])).toBe('| a |\n| --- |\n| "x"\\|"y" |')
  })
})
