/** Sets of characters as operators write them: `a-zA-Z0-9._-`. */

/**
 * The set as the inside of a character class (flag `u`), every code point escaped: `a-f_` becomes `\u{61}-\u{66}\u{5f}`.
 * Single characters and ranges, and no expressions: every character but the hyphen stands for itself, also `\` and `]`. A hyphen
 * that is first or last is a hyphen. Undefined for a set that cannot be read: an empty or blank one, a range that runs backwards,
 * a hyphen elsewhere that joins no two characters, half a surrogate pair.
 */
export const characterSet = (text: string): string | undefined => {
  if (!text.isWellFormed() || text.trim() === '') return undefined
  const characters = [...text]
  const parts: string[] = []
  const standsForItself = (at: number) => characters[at] !== '-' || at === 0 || at === characters.length - 1
  let at = 0
  while (at < characters.length) {
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length
    const [first, last] = isRange ? [at, at + 2] : [at, at]
    const [from, to] = [codePoint(characters[first]), codePoint(characters[last])]
    if (!standsForItself(first) || !standsForItself(last) || from > to) return undefined
    parts.push(isRange ? `${escaped(from)}-${escaped(to)}` : escaped(from))
    at = last + 1
  }
  return parts.join('')
}

const codePoint = (character = ''): number => character.codePointAt(0) ?? 0

const escaped = (point: number): string => `\\u{${point.toString(16)}}`
