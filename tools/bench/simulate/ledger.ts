/** Keeps book of every token that is stored: when it fell due, what came after it, and whether that came in time. */

import type { Item } from '../../../lib/table/table.ts'
import { hardLimitAt, type Life } from '../../../lib/token-cache/freshness.ts'

interface Entry extends Life {
  readonly dueAt: number
}

export interface Books {
  /** Tokens that have been stored at least once. */
  readonly tokens: number
  /**
   * How many fetches there had to be: the first of each token, and one more for each stored token that fell due (by
   * the `listedAt` in its item) before it was replaced or the schedule looked for the last time. Fetches divided by
   * this are fetches per token and refresh period: a second fetcher, or one that comes too soon, makes it more than 1,
   * a token that the schedule forgets makes it less.
   */
  readonly periods: number
  /** Tokens that were replaced at or after their hard limit, or stood there past it at the end. */
  readonly dead: number
  /** The longest time that one of them was past its hard limit. */
  readonly longestGapMs: number
  /** The least that was left until the hard limit when a token was replaced. */
  readonly leastMarginMs: number
  /** Between the beginnings of two tokens of one subject. Does not rely on what the items say of when they are due. */
  readonly shortestPeriodMs: number
  readonly longestPeriodMs: number
}

export const ledger = () => {
  const current = new Map<string, Entry>()
  let due = 0
  let dead = 0
  let longestGapMs = 0
  let leastMarginMs = Number.POSITIVE_INFINITY
  let shortestPeriodMs = Number.POSITIVE_INFINITY
  let longestPeriodMs = 0

  const judge = (old: Entry, at: number): void => {
    const marginMs = hardLimitAt(old) - at
    if (marginMs <= 0) dead += 1
    longestGapMs = Math.max(longestGapMs, -marginMs)
  }

  return {
    /** A new token was written at `at` (epoch milliseconds). */
    stored: (pk: string, { issuedAt, expiresAt, listedAt }: Item, at: number): void => {
      const old = current.get(pk)
      const entry = { issuedAt: Number(issuedAt), expiresAt: Number(expiresAt), dueAt: Number(listedAt) }
      current.set(pk, entry)
      if (old === undefined) return
      judge(old, at)
      if (old.dueAt <= at) due += 1
      leastMarginMs = Math.min(leastMarginMs, hardLimitAt(old) - at)
      shortestPeriodMs = Math.min(shortestPeriodMs, entry.issuedAt - old.issuedAt)
      longestPeriodMs = Math.max(longestPeriodMs, entry.issuedAt - old.issuedAt)
    },

    /** The sum at `at`, when the schedule last looked at `lookedAt` (both epoch milliseconds). */
    close: (at: number, lookedAt: number): Books => {
      for (const entry of current.values()) {
        judge(entry, at)
        if (entry.dueAt <= lookedAt) due += 1
      }
      const periods = current.size + due
      return {
        tokens: current.size,
        periods,
        dead,
        longestGapMs,
        leastMarginMs,
        shortestPeriodMs,
        longestPeriodMs,
      }
    },
  }
}

export type Ledger = ReturnType<typeof ledger>
