/** The table that sandboxes share. The one small interface that everything but `dynamodb.ts` knows. */

import type { Deadline } from '../concurrency/deadline.ts'

export type Value = string | number
export type Item = Readonly<Record<string, Value>>

/** What an item must still be like for a change to happen: each attribute equal, or absent where `undefined` stands. */
export type AsSeen = Readonly<Record<string, Value | undefined>>

export interface Change {
  readonly set?: Readonly<Record<string, Value | undefined>>
  readonly remove?: readonly string[]
  /** Default nothing: the change happens whatever the item is like, also when there is none. */
  readonly ifSeen?: AsSeen
}

export interface Amounts {
  readonly add: Readonly<Record<string, number>>
  readonly sweepAt: number
}

/**
 * Items of text and numbers under one text key. Every call is one request to the table, and throws
 * TOKEN_STORE_UNAVAILABLE when the table cannot be asked or does not answer in time. There is no way to scan it.
 *
 * Attributes with a meaning to the table itself: `listedIn` and `listedAt` put an item into a list, ordered by that
 * number; `sweepAt` (epoch seconds) is when the table may delete it, which can take days.
 */
export interface Table {
  /** As the last change left it, or undefined. */
  readonly get: (pk: string, deadline: Deadline) => Promise<Item | undefined>
  /**
   * Sets and removes attributes, making the item where there is none; attributes of `set` that are undefined are left
   * alone. False, and nothing done, when the item is not as seen. A change whose answer was lost is sent again, so
   * false can also mean that it was ours: who must know looks at the item.
   */
  readonly change: (pk: string, change: Change, deadline: Deadline) => Promise<boolean>
  /** Deletes the item if it is as seen. An absent item counts as deleted when nothing was demanded of it. */
  readonly remove: (pk: string, ifSeen: AsSeen, deadline: Deadline) => Promise<boolean>
  /** Adds one to the item's `count`, and returns the sum. One whose answer was lost may count twice. */
  readonly count: (pk: string, sweepAt: number, deadline: Deadline) => Promise<number>
  /** Adds to numbers of the item, making those that are not there. One whose answer was lost may be added twice. */
  readonly add: (pk: string, amounts: Amounts, deadline: Deadline) => Promise<void>
  /**
   * The items of a list with `listedAt` of at most `until`, oldest first, page by page, each with its `pk`. Not of the
   * last moment: whoever acts on an item says in `ifSeen` what it saw. Holds the attributes of LISTED only.
   */
  readonly listed: (list: string, until: number, deadline: Deadline) => AsyncIterable<readonly Item[]>
}

/** What a list shows of an item, beside its keys: no token, sealed or not. */
export const LISTED = [
  'system',
  'tenantSpaceId',
  'generation',
  'issuedAt',
  'expiresAt',
  'usedAt',
  'leaseId',
  'leaseUntil',
  'failure',
  'upstreamStatus',
  'upstreamCode',
  'since',
  'until',
] as const
