import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Section, sectionsOf } from '../.ci/conformance/document.ts'
import { escaped } from '../.ci/conformance/names.ts'
import { linkFaults } from './support/markdown.ts'

const ROOT = join(import.meta.dirname, '..')
const MARKDOWN = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8')

/** What is being built: the row says what it will be, its test is not there yet. */
const PENDING = 'PENDING'

type ReadFile = (path: string) => string | undefined
const readProjectFile: ReadFile = (path) =>
  existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined

/**
 * What is wrong with the rows, in words. A name is the first argument of a call or the first element of a list, as titles
 * and the names of a table's cases are; a piece of a case behind it is any text of the same file.
 */
const rowFaults = (sections: readonly Section[], read: ReadFile): readonly string[] =>
  sections.flatMap(({ id, rows }) =>
    rows.flatMap(({ place, fact, ours, shownBy }, index) => [
      ...([place, fact, ours, shownBy].includes('') ? [`${id}, ${place}: has not four filled cells`] : []),
      ...(rows.findIndex((row) => row.place === place) < index ? [`${id}, ${place}: stands twice`] : []),
      ...shownBy
        .split('<br>')
        .flatMap((part) => testFaults(part, read).map((fault) => `${id}, ${place}: ${fault}`)),
    ]),
  )

const testFaults = (part: string, read: ReadFile): readonly string[] => {
  if (part === PENDING || /^differs: \S/.test(part)) return []
  const [path = '', name = '', ...pieces] = part.split(' › ')
  if (!/^test\/.+\.ts$/.test(path) || name === '') return [`"${part}" is neither a test nor a reason`]
  const text = read(path)
  if (text === undefined) return [`${path} does not exist`]
  const title = new RegExp(`[([]\\s*(['"\`])${escaped(name)}\\1\\s*,`)
  return [
    ...(title.test(text) ? [] : [`${path} has no test "${name}"`]),
    ...pieces.filter((piece) => !text.includes(piece)).map((piece) => `${path} has no case "${piece}"`),
  ]
}

const inDocs = (path: string): string => join('docs', path)

describe('docs/conformance.md', () => {
  const sections = sectionsOf(MARKDOWN)

  it('has a section for each source document, with as many rows as it says', () => {
    expect(sections.map(({ id }) => id)).toEqual(['000', '001', '002', '003'])
    expect(sections.map(({ rowCount }) => rowCount)).toEqual(sections.map(({ rows }) => rows.length))
  })

  it('names for each row a test that exists, or a reason why none does', () => {
    expect(rowFaults(sections, readProjectFile)).toEqual([])
  })

  it('links to what exists', () => {
    expect(linkFaults(MARKDOWN, inDocs, readProjectFile)).toEqual([])
  })

  it('has no pending row', () => {
    const pending = sections.flatMap(({ id, rows }) =>
      rows
        .filter(({ shownBy }) => shownBy.split('<br>').includes(PENDING))
        .map(({ place }) => `${id}, ${place}`),
    )
    expect(pending).toEqual([])
  })
})

describe('the check of docs/conformance.md', () => {
  const FILES: Readonly<Record<string, string>> = {
    'test/a.test.ts':
      "it.each([['a case', { x: 1 }]])(\n  'says %s',\n  () => {})\nit(`it's so`, () => call('no title'))",
    'README.md': "# Title\n\n## Vendors' tokens\n",
  }
  const read: ReadFile = (path) => FILES[path]
  const faultsOf = (...rows: readonly string[]) =>
    rowFaults(sectionsOf(['## 000: a document', '|a|b|c|d|', '|-|-|-|-|', ...rows].join('\n')), read)
  const row = (shownBy: string, place = 'Table 1, x') => `| ${place} | fact | ours | ${shownBy} |`

  it.each([
    ['a title', 'test/a.test.ts › says %s'],
    ['a case', 'test/a.test.ts › a case'],
    ['a title and a piece of a case', 'test/a.test.ts › says %s › { x: 1 }'],
    ['a title in other quotes', "test/a.test.ts › it's so"],
    ['a reason', 'differs: nobody can test it'],
    ['a test and a reason', "test/a.test.ts › it's so<br>differs: half of it"],
    ['what is to come', 'PENDING'],
  ])('takes %s', (_, shownBy) => {
    expect(faultsOf(row(shownBy))).toEqual([])
  })

  it.each([
    ['a made-up name', 'test/a.test.ts › says nothing', ['test/a.test.ts has no test "says nothing"']],
    ['a part of a name', 'test/a.test.ts › says', ['test/a.test.ts has no test "says"']],
    ['a text that is no title', 'test/a.test.ts › no title', ['test/a.test.ts has no test "no title"']],
    ['a made-up case', 'test/a.test.ts › says %s › { x: 2 }', ['test/a.test.ts has no case "{ x: 2 }"']],
    ['a made-up file', 'test/b.test.ts › says %s', ['test/b.test.ts does not exist']],
    ['a file that is no test', 'README.md › Title', ['"README.md › Title" is neither a test nor a reason']],
    ['a file alone', 'test/a.test.ts', ['"test/a.test.ts" is neither a test nor a reason']],
    ['differs without a reason', 'differs: ', ['"differs:" is neither a test nor a reason']],
    ['neither', '', ['has not four filled cells', '"" is neither a test nor a reason']],
  ])('finds %s', (_, shownBy, faults) => {
    expect(faultsOf(row(shownBy))).toEqual(faults.map((fault) => `000, Table 1, x: ${fault}`))
  })

  it('finds a row without its fourth cell, and a place that stands twice', () => {
    expect(faultsOf('| a | b | c |')).toContain('000, | a | b | c |: has not four filled cells')
    const rows = [row('PENDING'), row('PENDING', 'Table 2, x'), row('differs: twice')]
    expect(faultsOf(...rows)).toEqual(['000, Table 1, x: stands twice'])
    expect(faultsOf(...rows.slice(1))).toEqual([])
  })

  it('finds a link to a file or a heading that is not there', () => {
    expect(linkFaults('[a](../README.md#vendors-tokens) [b](../README.md)', inDocs, read)).toEqual([])
    expect(linkFaults('[a](../README.md#vendors) [b](other.md)', inDocs, read)).toEqual([
      '../README.md#vendors: has no such heading',
      'other.md: does not exist',
    ])
  })
})
