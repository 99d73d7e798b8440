/** The table of a run: how many inputs each operation really got. */

import type { Counts, Outcome } from './events.ts'

const COLUMNS = ['sent', 'taken', 'refused', '2xx', '4xx', '5xx'] as const

const rowOf = ({ taken, refused, answers }: Counts): readonly number[] => [
  ...[taken + refused, taken, refused],
  ...[2, 4, 5].map((digit) => answers[digit] ?? 0),
]

const sum = (rows: readonly (readonly number[])[]): readonly number[] =>
  COLUMNS.map((_, index) => rows.reduce((total, row) => total + (row[index] ?? 0), 0))

/** `taken` and `refused` are the document's words on the inputs, the last three columns the answers. */
export const tableOf = ({ counts }: Pick<Outcome, 'counts'>): string => {
  const sorted = counts.toSorted((a, b) => a.operation.localeCompare(b.operation))
  const rows = sorted.map(rowOf)
  const width = Math.max(...sorted.map(({ operation }) => operation.length), 'operation'.length)
  const line = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join('')
  return [
    line('operation', COLUMNS),
    ...sorted.map(({ operation }, index) => line(operation, rows[index] ?? [])),
    line('all', sum(rows)),
  ].join('\n')
}
