/** Tables and pages in Markdown. */

export const code = (text: string): string => `\`${text}\``

/** One row a line. A cell that has a bar, as a list of words in code has, escapes it. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`)
    .join('\n')

/** A page that says of what it is made, so that nobody corrects it by hand. */
export const page = (title: string, made: string, ...parts: readonly string[]): string =>
  [
    `# ${title}`,
    `\`npm run interface\` makes this page of ${made}. A test says when it is out of date.`,
    ...parts,
  ]
    .map((part) => part.trim())
    .join('\n\n')
    .concat('\n')
