/** Holds docs/conformance.md against a source document: nothing that it names is left out, nothing is copied. */

import { headingOf, type Row, type Section } from './document.ts'
import { escaped, holdsName, namesIn } from './names.ts'

/** As many words in a row are a copy, whatever they say. */
const COPIED_WORDS = 8

export interface Finding {
  readonly heading: string
  readonly name: string
}

/**
 * The names of the source document that no row of the same heading holds, in its place or its fact, and the headings
 * of rows that the source document does not have, in the order of the rows. The first heading stands for its beginning.
 */
export const missingNames = (source: string, rows: readonly Row[]): readonly Finding[] =>
  partsOf(source, [...new Set(rows.map(headingOf))]).flatMap(({ heading, text }) => {
    if (text === undefined) return [{ heading, name: '(the heading itself)' }]
    const held = rows.filter((row) => headingOf(row) === heading).map(textOf)
    return namesIn(text)
      .filter((name) => !held.some((row) => holdsName(row, name)))
      .map((name) => ({ heading, name }))
  })

/** How many names there are to be held: each counts once under each heading. */
export const countNames = (source: string, rows: readonly Row[]): number =>
  partsOf(source, [...new Set(rows.map(headingOf))]).reduce(
    (sum, { text = '' }) => sum + namesIn(text).length,
    0,
  )

/** Rows without which a name is missing, told apart row by row and not by taking any out. */
export const soleHolders = (source: string, rows: readonly Row[]): readonly Row[] =>
  partsOf(source, [...new Set(rows.map(headingOf))]).flatMap(({ heading, text = '' }) => {
    const here = rows.filter((row) => headingOf(row) === heading)
    const holders = namesIn(text).map((name) => here.filter((row) => holdsName(textOf(row), name)))
    return [...new Set(holders.filter(({ length }) => length === 1).flat())]
  })

/** Runs of words that stand in the source document and in ours, but for our headings, which hold its title. */
export const copiedRuns = (source: string, ours: string): readonly string[] => {
  const runs = new Set(runsOf(source))
  return [...new Set(runsOf(ours.replace(/^#.*$/gm, '')).filter((run) => runs.has(run)))]
}

/** The place without its heading: a table's number is no number of the fact. */
const textOf = (row: Row): string => `${row.place.slice(headingOf(row).length)} ${row.fact}`

const partsOf = (source: string, headings: readonly string[]) => {
  let from = 0
  const starts = headings.map((heading, index) => {
    if (index === 0) return 0
    const line = new RegExp(`^[ \\t|•]*${escaped(heading)}(?!\\w)`, 'm')
    const at = source.slice(from).search(line)
    if (at < 0) return undefined
    from += at + heading.length
    return from - heading.length
  })
  return headings.map((heading, index) => {
    const start = starts[index]
    const end = starts.slice(index + 1).find((next) => next !== undefined)
    return { heading, text: start === undefined ? undefined : source.slice(start, end) }
  })
}

const runsOf = (text: string): readonly string[] => {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter(Boolean)
  return words
    .slice(0, Math.max(0, words.length - COPIED_WORDS + 1))
    .map((_, at) => words.slice(at, at + COPIED_WORDS).join(' '))
}

/** Whether a section has as many rows as it says. */
export const lostRows = ({ rowCount, rows }: Section): readonly string[] =>
  rowCount === rows.length ? [] : [`says "${rowCount} rows." and has ${rows.length}`]
