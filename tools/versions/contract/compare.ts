/** What has changed between two contracts, and which version that asks for by SemVer. */

import { type Contract, type Facts, NOTHING, type Value } from './facts.ts'
import { LIMITS, LISTED, RULES } from './schema-facts.ts'

export type Level = 'major' | 'minor'

export interface Change {
  readonly level: Level
  /** What a person needs to know of it. */
  readonly says: string
}

/** A rule is no offer: where it is new, less is taken, and where it is gone, more. */
const RULE = new RegExp(` (${[...Object.keys(LIMITS), ...RULES, LISTED].join('|')})$`)

const told = (value: Value): string => {
  const text = String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

type Values = Readonly<Record<string, Value>>

/** What a rule is about: its path without the rule's name. */
const heldBy = (path: string): string => path.slice(0, path.lastIndexOf(' '))

/** Whether a value was, or is, one of those that are listed. Where nothing is listed it is taken all the same. */
const isNoNews = (path: string, without: Values): boolean => {
  const [owner = '', ...value] = path.split(' = ')
  return value.length > 0 && owner in without && !(`${owner} ${LISTED}` in without)
}

const takenChange = (path: string, before: Values, after: Values): Change | undefined => {
  const [was, is] = [before[path], after[path]]
  if (isNoNews(path, was === undefined ? before : after)) return undefined
  const isRule = RULE.test(path)
  // A rule of something that is new narrows nothing that anybody sends.
  if (was === undefined)
    return isRule && heldBy(path) in before
      ? { level: 'major', says: `takes only what fits ${path}` }
      : { level: 'minor', says: `takes ${path}` }
  if (is === undefined)
    return isRule && heldBy(path) in after
      ? { level: 'minor', says: `no longer held to ${path}` }
      : { level: 'major', says: `no longer takes ${path}` }
  const takesMore = LIMITS[path.slice(path.lastIndexOf(' ') + 1)]
  const isWider = takesMore !== undefined && is > was === takesMore
  return { level: isWider ? 'minor' : 'major', says: `${path}: ${told(was)} is now ${told(is)}` }
}

const givenChange = (path: string, before: Values, after: Values): Change => {
  const [was, is] = [before[path], after[path]]
  if (was === undefined) return { level: 'minor', says: `gives ${path}` }
  if (is === undefined) return { level: 'major', says: `no longer gives ${path}` }
  const isSurer = String(is) === String(was).replace(/sometimes$/, 'always')
  return { level: isSurer ? 'minor' : 'major', says: `${path}: ${told(was)} is now ${told(is)}` }
}

const changed = (before: Values, after: Values, change: typeof takenChange): Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .flatMap((path) => change(path, before, after) ?? [])

const factChanges = (before: Facts, after: Facts): Change[] => [
  ...changed(before.gives, after.gives, givenChange),
  ...changed(before.takes, after.takes, takenChange),
  ...after.demands
    // A member of something new is no new demand on anybody.
    .filter((path) => !before.demands.includes(path) && isKnown(before, path))
    .map((path): Change => ({ level: 'major', says: `demands ${path}` })),
  ...before.demands
    .filter((path) => !after.demands.includes(path))
    .map((path): Change => ({ level: 'minor', says: `no longer demands ${path}` })),
]

/** What comes behind a route or an object: a parameter, the body, or a member. */
const LAST_NAME = /(?: (?:query|header|path|cookie))?\.[^. ]+$| body$/

/** Whether there was already what the demand is made of. What stands by itself, such as a setting, is demanded of a stage. */
const isKnown = ({ takes }: Facts, path: string): boolean =>
  !LAST_NAME.test(path) || path.replace(LAST_NAME, '') in takes

/** Every change with its subject, breaks first. */
export const compare = (before: Contract, after: Contract): readonly Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .flatMap((subject) =>
      factChanges(before[subject] ?? NOTHING, after[subject] ?? NOTHING).map(({ level, says }) => ({
        level,
        says: `${subject}: ${says}`,
      })),
    )
    .sort((a, b) => Number(a.level === 'minor') - Number(b.level === 'minor'))

const numbersOf = (version: string): readonly [number, number, number] => {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? []
  if (major === undefined) throw new TypeError(`${version}: expected a version such as 1.2.3`)
  return [Number(major), Number(minor), Number(patch)]
}

/** The least version that may have these changes. */
export const leastVersion = (released: string, changes: readonly Change[]): string => {
  const [major, minor] = numbersOf(released)
  if (changes.some(({ level }) => level === 'major')) return `${major + 1}.0.0`
  return changes.length > 0 ? `${major}.${minor + 1}.0` : released
}

export const isAtLeast = (version: string, least: string): boolean => {
  const [a, b] = [numbersOf(version), numbersOf(least)]
  const at = a.findIndex((number, index) => number !== b[index])
  return at === -1 || (a[at] ?? 0) > (b[at] ?? 0)
}
