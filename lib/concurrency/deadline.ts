/** Deadlines: every wait of a request ends before the Lambda does. */

import { BridgeError } from '../errors.ts'

/** Kept back from the Lambda's remaining time, so that the answer and the log line still get out. */
const RESERVE_MS = 500

export interface Deadline {
  /** Milliseconds left; 0 when the deadline has passed. */
  readonly remainingMs: () => number
}

/** A deadline half a second before the Lambda's own. Without a context (a test, a script): `fallbackMs` from now. */
export const lambdaDeadline = (
  context: { getRemainingTimeInMillis?: () => number } | undefined,
  fallbackMs = 10_000,
): Deadline => {
  const startedAt = performance.now()
  const remaining =
    context?.getRemainingTimeInMillis?.bind(context) ?? (() => fallbackMs - (performance.now() - startedAt))
  return { remainingMs: () => Math.max(0, remaining() - RESERVE_MS) }
}

/** The deadline, or `atMostMs` from now where that is sooner. */
export const within = (deadline: Deadline, atMostMs: number): Deadline => {
  const startedAt = performance.now()
  return {
    remainingMs: () =>
      Math.max(0, Math.min(deadline.remainingMs(), atMostMs - (performance.now() - startedAt))),
  }
}

/**
 * A second that a wait for a vendor keeps back beyond the deadline's own reserve: whoever waits must still be able to
 * write down what was learnt, and to say in time that nothing came.
 */
const ANSWER_RESERVE_MS = 1_000

/** What is left of a deadline for waiting for a vendor. */
export const waitingMs = (deadline: Deadline): number =>
  Math.max(0, deadline.remainingMs() - ANSWER_RESERVE_MS)

/** The deadline, or one whose waiting for a vendor ends after `atMostMs`. */
export const withinWaiting = (deadline: Deadline, atMostMs: number): Deadline =>
  within(deadline, atMostMs + ANSWER_RESERVE_MS)

/** UPSTREAM_TIMEOUT. `reason` says what there was no time for. */
export const vendorTimedOut = (reason?: string): BridgeError =>
  new BridgeError('UPSTREAM_TIMEOUT', 'the vendor did not answer in time', {
    detail: reason === undefined ? {} : { reason },
  })

/** A signal that aborts at the deadline, or after `atMostMs` where that is sooner. */
export const deadlineSignal = (deadline: Deadline, atMostMs = Number.POSITIVE_INFINITY): AbortSignal =>
  AbortSignal.timeout(Math.max(1, Math.floor(Math.min(deadline.remainingMs(), atMostMs))))

/**
 * The promise's own outcome, or DEADLINE_EXCEEDED when the deadline comes first.
 * Does not stop the work behind the promise: a shared call goes on for those who can still wait.
 */
export const withinDeadline = async <T>(work: Promise<T>, deadline: Deadline): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BridgeError('DEADLINE_EXCEEDED', 'the time for this request is used up')),
      deadline.remainingMs(),
    )
  })
  try {
    return await Promise.race([work, expiry])
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves after `ms`, for the pause between two tries. The caller bounds it by its deadline. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
