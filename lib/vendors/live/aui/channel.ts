/** A channel for a call of its own, which nobody else is in. */

/** No channel of 32 hex digits, or of digits alone, begins like this. */
const MARK = 'ctb'

/**
 * 32 lower-case letters and digits, at least 112 of their bits random. Alibaba's sample server makes 32 hex digits; here the
 * first three letters are fixed: a token also proves every channel that its own begins with, and whoever asks often
 * enough would be given one that begins with the id of somebody's call.
 */
export const madeChannelId = (newId: () => string): string =>
  MARK +
  Buffer.from(newId(), 'base64url')
    .toString('hex')
    .slice(0, 32 - MARK.length)
