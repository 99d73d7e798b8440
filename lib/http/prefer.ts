/** The `Prefer` header (RFC 7240): what a client would like, and nothing that it can insist on. */

/**
 * Seconds of the `wait` preference (section 4.3), or undefined without one. A header that is not understood is ignored, as
 * section 2 demands; of several `wait` the first counts.
 */
export const preferredWaitSeconds = (header: string | undefined): number | undefined => {
  const [, seconds] = /(?:^|,)[ \t]*wait[ \t]*=[ \t]*"?(\d{1,9})"?[ \t]*(?:[,;]|$)/i.exec(header ?? '') ?? []
  return seconds === undefined ? undefined : Number(seconds)
}
