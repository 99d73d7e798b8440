/** docs/conformance.md as data: a section for each source document, a row for each of its facts. */

export interface Row {
  /** `<heading or table of the source document>, <what in it>`. */
  readonly place: string
  readonly fact: string
  readonly ours: string
  /** Tests as `path › name` and reasons as `differs: …`, `<br>` between them. */
  readonly shownBy: string
}

export interface Section {
  /** The three digits that the heading and the name of the source document's file begin with. */
  readonly id: string
  /** How many rows it says that it has: a row that is lost shows, whatever it held. */
  readonly rowCount: number | undefined
  readonly rows: readonly Row[]
}

/** Cells hold no `|`. Rows of any other shape than four cells are given with empty cells, for the checks to find. */
export const sectionsOf = (markdown: string): readonly Section[] =>
  markdown
    .split(/^## /m)
    .filter((part) => /^\d{3}\b/.test(part))
    .map((part) => ({ id: part.slice(0, 3), rowCount: rowCountOf(part), rows: rowsOf(part) }))

const rowCountOf = (part: string): number | undefined => {
  const [, count] = /^(\d+) rows\.$/m.exec(part) ?? []
  return count === undefined ? undefined : Number(count)
}

const rowsOf = (part: string): readonly Row[] =>
  part
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2) // the names of the columns, and the line below them
    .map((line) => {
      const cells = line
        .replace(/^\|\s*|\s*\|\s*$/g, '')
        .split('|')
        .map((cell) => cell.trim())
      const [place = '', fact = '', ours = '', shownBy = ''] = cells.length === 4 ? cells : [line]
      return { place, fact, ours, shownBy }
    })

/** The heading or table of the source document that a row is about. */
export const headingOf = ({ place }: Pick<Row, 'place'>): string => place.replace(/,.*/, '')
