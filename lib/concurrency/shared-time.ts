/** Moments that another sandbox may have written by a clock of its own. */

/** How far clocks may differ. A moment further ahead than it can be was written before ours was set back. */
export const CLOCK_SKEW_MS = 60_000

/** Whether something of this length that ends at `until` is still going on at `at`, both in epoch milliseconds. */
export const isGoingOn = (until: number, at: number, lengthMs: number): boolean =>
  at < until && until - at <= lengthMs + CLOCK_SKEW_MS
