/**
 * The rules of lib/schemas/text-rules.ts as one pattern that every reader of patterns knows: classes are written out as ranges, since
 * `\p{…}` is unknown to Python and means other things elsewhere. Which characters they are is asked of the rules themselves.
 */

import type { TextRule } from '../../lib/schemas/text-rules.ts'

/** Code points from the first to the last. */
type Range = readonly [number, number]

const LAST = 0x10ffff
const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff

/**
 * Left to the words: what depends on neighbours (joiners between letters of some scripts), and what asks for one character of a class
 * that grows with Unicode (a text of marks alone). A pattern of those would differ from one release of Node to the next.
 */
const isOfCharacters = (rule: TextRule): boolean => 'refused' in rule && !rule.refused.includes('(?<')

/** The pattern that each text keeps which the rules take. It takes more: see `isOfCharacters`. */
export const textPattern = (rules: readonly TextRule[]): string => {
  const known = patterns.get(rules)
  if (known !== undefined) return known
  // One pattern of all: it is asked for a million characters.
  const refused = rules.flatMap((rule) =>
    'refused' in rule && isOfCharacters(rule) ? [`(?:${rule.refused})`] : [],
  )
  const any = new RegExp(refused.join('|'), 'u')
  const takes = (text: string): boolean => !any.test(text)
  const edge = rangesOf(takes)
  // Blanks are taken between two others, and not at either end.
  const other = firstOf(takes)
  const inner = rangesOf((character) => takes(other + character + other))
  const pattern = `^${edge}(${inner}*${edge})?$`
  patterns.set(rules, pattern)
  return pattern
}

const patterns = new WeakMap<readonly TextRule[], string>()

const firstOf = (isTaken: (character: string) => boolean): string => {
  for (let point = 0; point <= LAST; point += 1)
    if (!isSurrogate(point) && isTaken(String.fromCodePoint(point))) return String.fromCodePoint(point)
  throw new Error('the rules take no character')
}

/**
 * A character class of what is taken: its own characters or all but the others, whichever are fewer. Programs that make texts of a
 * pattern go through each character of a class.
 */
const rangesOf = (isTaken: (character: string) => boolean): string => {
  const taken: Range[] = []
  const others: Range[] = []
  for (let point = 0; point <= LAST; point += 1) {
    // Of no whole text: the words say so.
    if (isSurrogate(point)) continue
    const list = isTaken(String.fromCodePoint(point)) ? taken : others
    const last = list.at(-1)
    const follows = last !== undefined && (last[1] === point - 1 || (point === 0xe000 && last[1] === 0xd7ff))
    if (follows) list[list.length - 1] = [last[0], point]
    else list.push([point, point])
  }
  return charactersOf(others) <= charactersOf(taken) ? `[^${classOf(others)}]` : `[${classOf(taken)}]`
}

const charactersOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)

const classOf = (ranges: readonly Range[]): string =>
  ranges.map(([from, to]) => (from === to ? written(from) : `${written(from)}-${written(to)}`)).join('')

/** Below U+10000 as `\uXXXX`, above it as itself: there the escapes of languages differ, and JSON has its own. */
const written = (point: number): string =>
  point <= 0xffff ? `\\u${point.toString(16).padStart(4, '0')}` : String.fromCodePoint(point)
