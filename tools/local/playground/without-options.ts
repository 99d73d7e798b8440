/** What a command says, for somebody who has pressed a button: whoever is on a page has no command line. */

/** Leaves out each part that names an option. A part ends in a period or a semicolon. */
export const withoutOptions = (text: string): string =>
  text
    .split(/(?<=[.;])\s+/)
    .filter((part) => !/(^|\s)--\w/.test(part))
    .join(' ')
    .replace(/;$/, '.')
