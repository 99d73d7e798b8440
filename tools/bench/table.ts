/** A Markdown table. */

/** Heading, and what a row has under it. The first column is text, all others are numbers. */
export type Column<Row> = readonly [heading: string, cell: (row: Row) => string]

/** A figure that there is none of (`NaN`) is an empty cell. */
export const markdownTable = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(([heading]) => heading)),
    `|${columns.map((_, index) => (index === 0 ? '---' : '--:')).join('|')}|`,
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row).replace(/^NaN$/, '')))),
  ].join('\n')
}
