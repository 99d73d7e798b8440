/** The id of a channel of Alibaba's RTC. */

import * as z from 'zod/mini'

/**
 * Alibaba's document at hand names no alphabet. Letters, digits, `_` and `-` hold every id that its clients make (a UUID,
 * 32 hex digits), and nothing that could be read as something else in a log or an address.
 */
export const RtcChannelId = z
  .string('expected a string')
  .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 of A-Z, a-z, 0-9, _ and -'))

/** The same, or nothing. */
export const RtcChannelIdOrNone = z
  .string('expected a string')
  .check(z.regex(/^[A-Za-z0-9_-]{0,64}$/, 'expected 1 to 64 of A-Z, a-z, 0-9, _ and -'))
