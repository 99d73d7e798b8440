/** What a source document names: parameters, members, paths, statuses, codes and numbers. */

/** Cut out before anything is looked for, each with its reason. */
const FURNITURE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^Updated on .*$/gm, "the page's date: the section's heading has it"],
  [/^Help Center\/.*$/gm, 'where the page stands in its site'],
  [
    /"?[\w:-]*(?:\*{2,}|X{4,})[^\s",]*"?/g,
    'masked values of examples: what they stand for is in no document',
  ],
  [/^[ \t]*\d{1,2}(?:\.\d)?[ \t]*$/gm, 'cells with the number of a table row'],
  [/\bTable \d+/g, 'numbers of tables: the places of the rows have them'],
  [/(?<=^|\s)\d\.(?=\s+[A-Z(])/gm, 'numbers of steps'],
]

/** Words that have the form of a name and are none. */
const PROSE = new Set(['third-party', 'Third-Party', 'user-defined'])

/** What is found is cut out too, so that nothing is looked for within it. */
const KINDS: readonly RegExp[] = [
  /\b[a-z]+\/[a-z]+; charset=[\w-]+/g, // a media type
  /(?:\/[\w.-]*\w){2,}/g, // a path, or an address from its host on
  /\b[\w-]+(?:\.[\w-]+)+\.[a-z]{2,}\b/g, // a host
  /\b[a-z]+:[A-Z]\w+/g, // an action of an access policy
  /(?<=")\w+(?="\s*:)/g, // a member of an example
  /(?<=^[ \t|]*)[A-Za-z][\w-]*(?=[ \t|]*\n\s*(?:string|int|integer|object)[ \t|]*$)/gim, // a cell before a type's cell
  /(?<=\|\s*\d{3}\s*\|\s*)\w+(?=\s*\|)/g, // a cell after a status' cell
  /\b[A-Za-z]+(?:-[A-Za-z]+)+\b/g, // a header
  /\b[A-Za-z][a-z0-9]*[A-Z]\w*\b/g, // a word with a capital inside, or of capitals alone
  /(?<![\w.])[A-Z]?\d+(?:\.\d+)?(?!\w)/g, // a number
]

/** Every name once, ids in the singular. */
export const namesIn = (text: string): readonly string[] => {
  let rest = FURNITURE.reduce((left, [pattern]) => left.replace(pattern, ' '), text)
  const names = KINDS.flatMap((kind) => {
    const found = rest.match(kind) ?? []
    rest = rest.replace(kind, ' ')
    return found
  })
  return [...new Set(names.map((name) => name.replace(/Ids$/, 'Id')))].filter((name) => !PROSE.has(name))
}

/** Whether a text holds a name, whole. A name that could be a word of English counts in a code span alone. */
export const holdsName = (text: string, name: string): boolean => {
  const where = /^[A-Za-z][a-z]+$/.test(name) ? (text.match(/`[^`]*`/g) ?? []).join(' ') : text
  const before = name.startsWith('/') ? '' : '(?<![\\w.-])'
  return new RegExp(`${before}${escaped(name)}(?![\\w-]|\\.\\w)`).test(where)
}

/** A text as a part of a pattern that stands for itself. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
