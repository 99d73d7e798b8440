/** Which known name somebody may have meant. */

/** How many single characters must be put in, taken out or replaced to make one text of the other. */
export const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [above, letter] of [...one].entries()) {
    const next = [above + 1]
    for (let column = 1; column <= other.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (other[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]/g, '')

/** The known name with the fewest differences, capitals and hyphens not counted. Throws RangeError when none is known. */
export const nearest = (name: string, known: readonly string[]): string => {
  const [first] = known
    .map((candidate) => [candidate, distance(plain(name), plain(candidate))] as const)
    .sort(([, a], [, b]) => a - b)
  if (first === undefined) throw new RangeError('no names are known')
  return first[0]
}

/** Whether two names may stand for the same thing: `prod` and `production`, `Prod`, `prd`. */
export const isAlike = (one: string, other: string): boolean => {
  const [shorter = '', longer = ''] = [plain(one), plain(other)].sort((a, b) => a.length - b.length)
  return (shorter.length > 1 && longer.startsWith(shorter)) || distance(shorter, longer) <= 1
}
