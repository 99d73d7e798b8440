/** How long a poll may last, and whether it is CEC's turn at all: the one policy. */

export interface PollPolicy {
  /** For a page that says nothing. */
  readonly usualSeconds: number
  /** For anybody. A poll that hangs occupies one execution, and the HTTP API ends every request after 30 s. */
  readonly longestSeconds: number
  /** How short a poll of a page that says nothing may become where executions run short. Default: no shorter than usual. */
  readonly shortestSeconds?: number | undefined
  /** What all polls of the stage may occupy at once. Default as many as they are. */
  readonly executions?: number | undefined
}

export interface PollSettings {
  readonly POLL_SECONDS: number
  readonly LONGEST_POLL_SECONDS: number
  readonly SHORTEST_POLL_SECONDS: number
  readonly POLL_EXECUTIONS?: number | undefined
}

export const policyOf = (settings: PollSettings): PollPolicy => ({
  usualSeconds: settings.POLL_SECONDS,
  longestSeconds: settings.LONGEST_POLL_SECONDS,
  shortestSeconds: settings.SHORTEST_POLL_SECONDS,
  executions: settings.POLL_EXECUTIONS,
})

/** All polls of the stage that came to a function, in a while that has just passed. */
export interface PollLoad {
  /** Those included that were told to come later. */
  readonly perSecond: number
  /** How long one lasted, on average, of those that CEC was asked. */
  readonly heldSeconds: number
  /** Executions that they occupied, on average. */
  readonly busy: number
}

export interface PollRequest {
  readonly askedSeconds?: number | undefined
  /** Undefined where nothing is known: then a poll has all the time that it would have alone. */
  readonly load?: PollLoad | undefined
  /** 0 ≤ x < 1. */
  readonly random: number
}

/** CEC is asked, and waited for so long; or it is not asked now, and the page comes again after that pause. */
export type PollPlan = { readonly seconds: number } | { readonly retryAfterSeconds: number }

/** Shorter than this, a page that asks would only ask again. */
const SHORTEST_ASKED_SECONDS = 1
/** Of the executions that polls may occupy, at which they count as exhausted: a little more, as no reading is exact. */
const FULL = 1.05
const UNSEEN = 2
/** CEC ends a session that is not polled at all, after a time that its documents do not say. */
const LONGEST_PAUSE_SECONDS = 30

/**
 * What the page asks for, within limits. A page asks for long polls when its chat token's hour is near: CEC renews the token in
 * an answer, and an answer that comes after its poll was cut is lost with the token.
 *
 * Where executions run short, each poll has its fair part: those that there are, divided by the polls of a second. A page that
 * says nothing gets a shorter poll, down to `shortestSeconds`. What is still too much is asked of CEC for a share of the polls
 * alone. The others end at once, without a call: what CEC was not asked for stays with CEC. A call to CEC is never cut sooner
 * than that on account of others.
 *
 * The Lambda's own deadline ends a call before all this does where less time is left.
 */
export const pollPlan = (policy: PollPolicy, { askedSeconds, load, random }: PollRequest): PollPlan => {
  const { usualSeconds, longestSeconds, shortestSeconds = usualSeconds, executions } = policy
  const fairSeconds =
    executions === undefined || load === undefined ? Number.POSITIVE_INFINITY : fair(executions, load)
  const wanted =
    askedSeconds === undefined
      ? Math.min(usualSeconds, Math.max(fairSeconds, shortestSeconds))
      : Math.max(askedSeconds, SHORTEST_ASKED_SECONDS)
  const seconds = Math.min(wanted, longestSeconds)
  const heldSeconds = Math.min(load?.heldSeconds ?? 0, seconds)
  if (random * heldSeconds < fairSeconds) return { seconds }
  return { retryAfterSeconds: Math.min(Math.ceil(heldSeconds / fairSeconds), LONGEST_PAUSE_SECONDS) }
}

/** With all of them busy, Lambda refuses polls that nobody counts: there are more than were seen, perhaps many times. */
const fair = (executions: number, { perSecond, busy }: PollLoad): number =>
  executions / perSecond / (busy > executions * FULL ? UNSEEN : 1)
