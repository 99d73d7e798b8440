/** What one sandbox has seen of each item, so that it notices an older token that somebody has put back over a newer one. */

import { boundedMap } from '../concurrency/bounded-map.ts'
import type { SealedToken } from './seal.ts'

const MOST_ITEMS = 5_000

/** Which of an item's tokens it is, by what is sealed with it. */
export type TokenMark = Pick<SealedToken, 'generation' | 'issuedAt'>

export interface NewestSeen {
  /** The newest token that this sandbox has seen in the item, or undefined. */
  readonly of: (pk: string) => TokenMark | undefined
  readonly note: (pk: string, mark: TokenMark) => void
}

/** Remembers 5,000 items. A sandbox that has not seen the newer token cannot notice: SECURITY.md names that. */
export const newestSeen = (): NewestSeen => {
  const marks = boundedMap<string, TokenMark>(MOST_ITEMS)
  return {
    of: marks.get,
    note: (pk, { generation, issuedAt }) => marks.set(pk, { generation, issuedAt }),
  }
}

/** By both: an item that was swept or deleted counts from one again, but with tokens that were issued later. */
export const isOlder = (mark: TokenMark, newest: TokenMark | undefined): boolean =>
  newest !== undefined && mark.generation < newest.generation && mark.issuedAt < newest.issuedAt
