/** The callers table: one item for each caller key and one for each issuer, each found by one read. */

import { createHash } from 'node:crypto'
import type { Entry } from '../schemas/listed-entries.ts'

/** What an item says, in the shape of the secret `callers`: `{"callers":[…],"issuers":[…]}` with its own entries alone. */
export interface CallerItem {
  readonly text: string
}

/** The item of a caller key, by the lower-case hex SHA-256 of the whole key. A key has 256 random bits: nobody finds it by its hash. */
export const keyItemKey = (sha256: string): string => `key#${sha256}`

/** The item of all entries of an issuer. Hashed, since a token may claim an issuer of any length. */
export const issuerItemKey = (issuer: string): string =>
  `issuer#${createHash('sha256').update(issuer).digest('hex')}`

/** The items that an entry belongs into: one for each of its keys, or that of its issuer. */
export const itemKeysOf = (entry: Entry): readonly string[] =>
  'issuer' in entry ? [issuerItemKey(entry.issuer)] : entry.keys.map(({ sha256 }) => keyItemKey(sha256))

const SHOWN_DIGITS = 12

/** An item's key as people are shown it: long enough to find it by. */
export const shownKey = (pk: string): string =>
  pk.replace(/#(.*)$/, (_, hash: string) => `#${hash.slice(0, SHOWN_DIGITS)}`)
