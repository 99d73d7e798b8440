/** When the last token of a moment is dead. What ends tokens is kept as long. */

import { CLOCK_TOLERANCE_SECONDS, MAX_LIFETIME_SECONDS } from './format.ts'

/** As long as the HTTP API lets a request take: one that was admitted before may sign at its end. */
const LONGEST_REQUEST_SECONDS = 30

/** Epoch seconds from which on no token can be alive that was asked for by `now`, on the slowest clock. */
export const lastTokenEnds = (now: Date): number =>
  Math.ceil(now.getTime() / 1000) +
  LONGEST_REQUEST_SECONDS +
  MAX_LIFETIME_SECONDS +
  2 * CLOCK_TOLERANCE_SECONDS
