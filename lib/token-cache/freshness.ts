/** How long a service token is used, when one request renews it for all, and when the schedule does. */

import { CLOCK_SKEW_MS } from '../concurrency/shared-time.ts'

export interface Life {
  /** Epoch milliseconds, counted from before the token was asked for. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Whether an older token goes on working beside a newer one. No vendor says, so the tenant's settings do. */
export type Overlap = 'tolerated' | 'kills'

/** How often the schedule looks. serverless.yml has the same. */
export const WARM_UP_PERIOD_MS = 60_000

const JITTER = 0.1

/** Near its end nobody uses a token: it could die on the way. The smaller of 30 s and 5 % of its life is left then. */
export const hardLimitAt = ({ issuedAt, expiresAt }: Life): number =>
  expiresAt - Math.min(30_000, (expiresAt - issuedAt) * 0.05)

const softLeftMs = ({ issuedAt, expiresAt }: Life): number => Math.min(300_000, (expiresAt - issuedAt) * 0.2)

/**
 * From here on one request renews the token while all others still use it: the smaller of 300 s and 20 % of its life
 * is left, give or take a tenth, so that not everything is renewed in one moment. Where a new token kills the old one,
 * nothing is gained by being early.
 */
export const softLimitAt = (life: Life, overlap: Overlap, random: () => number): number =>
  overlap === 'kills'
    ? hardLimitAt(life)
    : life.expiresAt - softLeftMs(life) * (1 - JITTER + 2 * JITTER * random())

/**
 * From here on the schedule renews it: two of its periods before the earliest moment at which a request would, so that
 * one late or failed run is made good by the next. Never in the first half of a life, however short that is.
 */
export const warmUpAt = (life: Life, overlap: Overlap, random: () => number): number => {
  if (overlap === 'kills') return hardLimitAt(life)
  const earlier = 2 * JITTER * softLeftMs(life) + 2 * WARM_UP_PERIOD_MS
  return Math.max(softLimitAt(life, overlap, random) - earlier, (life.issuedAt + life.expiresAt) / 2)
}

export type Freshness =
  /** Used as it is. */
  | 'fresh'
  /** Used; but one request looks for a newer one. */
  | 'stale'
  /** Used by nobody: it could die on the way. */
  | 'invalid'

/** When a token is renewed before it must be. Epoch milliseconds. */
export interface RenewalTimes {
  readonly softLimitAt: number
  /** Until then nobody looks for a newer one: somebody has just done so. */
  readonly askAgainAt: number
}

/**
 * The one decision on a token's age, `at` in epoch milliseconds. Without `renewal`, as for who renews none, it is
 * fresh until its hard limit. Before it was issued its age cannot be told: the clock was set back.
 */
export const freshnessOf = (life: Life, at: number, renewal?: RenewalTimes): Freshness => {
  if (at >= hardLimitAt(life) || at < life.issuedAt - CLOCK_SKEW_MS) return 'invalid'
  return renewal === undefined || at < renewal.softLimitAt || at < renewal.askAgainAt ? 'fresh' : 'stale'
}
