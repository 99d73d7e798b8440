/** What a circuit breaker decides: pure functions of what is known of the credentials, and of the time. */

import type { ErrorDetail } from '../errors.ts'
import { CONSEQUENCES, type FailureClass, UpstreamFailure } from '../outbound/failures.ts'
import type { BreakerPolicy } from './policy.ts'

const FIRST_BACK_OFF_MS = 5_000

type VendorWords = Pick<ErrorDetail, 'upstreamStatus' | 'upstreamCode'>

/** Credentials that were refused: why, and for how long they are left alone. */
export interface OpenState extends VendorWords {
  readonly failure: FailureClass
  /** Epoch milliseconds. */
  readonly since: number
  /** Epoch milliseconds; infinite for what only a command or another secret ends. */
  readonly until: number
  /** The pause that `until` ends, and that the next one follows from. */
  readonly backOffMs: number
}

export type Decision =
  /** Nothing stands in the way. */
  | { readonly kind: 'closed' }
  /** Not to be tried for so long. */
  | { readonly kind: 'open'; readonly leftMs: number }
  /** The pause is over: one may try, who has to claim that first. */
  | { readonly kind: 'half-open' }

/**
 * `state` is undefined for credentials that nobody has refused. A pause is also over for a sandbox that has watched it
 * for its whole length, `watchedMs`: a clock that was set back must not stretch it.
 */
export const decide = (state: OpenState | undefined, now: Date, watchedMs = 0): Decision => {
  if (state === undefined) return { kind: 'closed' }
  const leftMs = Math.min(state.until - now.getTime(), state.backOffMs - watchedMs)
  return leftMs > 0 ? { kind: 'open', leftMs } : { kind: 'half-open' }
}

/** Whether these are one state, and not a later one of the same beginning. */
export const isSameState = (one: OpenState | undefined, other: OpenState | undefined): boolean =>
  one?.failure === other?.failure && one?.since === other?.since && one?.until === other?.until

/** The state while one tries: for all others, the same pause begins again. */
export const whileProbed = (state: OpenState, now: Date): OpenState => ({
  ...state,
  until: now.getTime() + state.backOffMs,
})

export interface Refused {
  readonly failure: UpstreamFailure
  /** What was known before. */
  readonly earlier: OpenState | undefined
  readonly policy: BreakerPolicy
}

/** The state after a failure, or undefined where that is no reason to leave the credentials alone. */
export const opened = ({ failure, earlier, policy }: Refused, now: Date): OpenState | undefined => {
  const pauseMs = pauseAfter({ failure, earlier, policy })
  if (pauseMs === undefined) return undefined
  const at = now.getTime()
  return {
    failure: failure.failure,
    ...vendorWords(failure.detail),
    since: earlier?.since ?? at,
    until: at + pauseMs,
    backOffMs: pauseMs,
  }
}

const pauseAfter = ({ failure, earlier, policy }: Refused): number | undefined => {
  const { maxBackOffMs, locksAccount } = policy
  // An answer that is not understood may be a refusal of the secret: where that locks, it is not shown with every request. Without a status, the vendor
  // has let the secret pass, and what it gave is of no use.
  const { upstreamStatus } = failure.detail
  const isVeiled = locksAccount && failure.failure === 'unexpected-reply' && upstreamStatus !== undefined
  switch (isVeiled ? 'back-off' : CONSEQUENCES[failure.failure].blocks) {
    case 'until-changed':
      return policy.refusedMs
    case 'back-off':
      if (maxBackOffMs === undefined) return undefined
      return earlier === undefined ? FIRST_BACK_OFF_MS : Math.min(earlier.backOffMs * 2, maxBackOffMs)
    case 'never':
      return undefined
  }
}

/** What callers hear while the credentials are left alone: the vendor's refusal, and how long to wait if that has an end. */
export const openFailure = (state: OpenState, leftMs: number): UpstreamFailure =>
  new UpstreamFailure(state.failure, {
    ...vendorWords(state),
    ...(Number.isFinite(leftMs) ? { retryAfterSeconds: Math.ceil(leftMs / 1000) } : {}),
    reason: 'not tried again',
  })

const vendorWords = ({ upstreamStatus, upstreamCode }: VendorWords): VendorWords => ({
  ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
  ...(upstreamCode === undefined ? {} : { upstreamCode }),
})
