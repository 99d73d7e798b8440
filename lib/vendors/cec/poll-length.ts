/** How long a poll may hang: the one policy. */

export interface PollPolicy {
  /** For a page that says nothing. */
  readonly usualSeconds: number
  /** For anybody. A poll that hangs occupies one execution, and the HTTP API ends every request after 30 s. */
  readonly longestSeconds: number
}

/** Shorter than this, a page that asks would only ask again. */
const SHORTEST_ASKED_SECONDS = 1

/**
 * What the page asks for, within limits. A page asks for long polls when its chat token's hour is near: CEC renews the
 * token in an answer, and an answer that comes after its poll was cut is lost with the token.
 */
export const pollSeconds = ({ usualSeconds, longestSeconds }: PollPolicy, askedSeconds?: number): number =>
  Math.min(
    askedSeconds === undefined ? usualSeconds : Math.max(askedSeconds, SHORTEST_ASKED_SECONDS),
    longestSeconds,
  )
