/** The table that `npm run attacks` prints: one line per attack, with the routes it was tried on. */

import type { Attack } from './attack.ts'
import type { Result } from './runner.ts'

export type Row = Pick<Attack, 'theme' | 'attack' | 'route' | 'code'> & Result

export const table = (rows: readonly Row[]): string => {
  const lines = grouped(rows, ({ theme, attack, code }) => `${theme}\n${attack}\n${code}`).map((group) => {
    const [{ theme, attack, code }] = group as [Row, ...Row[]]
    const good = group.filter(({ isTwinGood }) => isTwinGood).length
    const failed = group.some(({ complaints }) => complaints.length > 0)
    const verdict = failed ? 'FAILED' : code
    return [theme, attack, group.map(({ route }) => route).join(', '), verdict, `${good} of ${group.length}`]
  })
  const header = ['theme', 'attack', 'route', 'log code', 'twins ok']
  return [...aligned([header, ...lines]), summary(rows)].join('\n')
}

export const summary = (rows: readonly Row[]): string => {
  const count = (what: 'theme' | 'route') =>
    grouped(rows, (row) => row[what])
      .map((group) => `${group[0]?.[what]} ${group.length}`)
      .join(', ')
  const badTwins = rows.filter(({ isTwinGood }) => !isTwinGood).length
  return [
    `by theme: ${count('theme')}`,
    `by route: ${count('route')}`,
    `${rows.length} cases, ${badTwins} twins failed`,
  ].join('\n')
}

const grouped = (rows: readonly Row[], keyOf: (row: Row) => string): Row[][] => [
  ...Map.groupBy(rows, keyOf).values(),
]

/** Routes are many and long: that column is as wide as it needs to be for most lines only. */
const WIDEST = 60

const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]?.map((_, column) =>
    Math.min(WIDEST, Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
