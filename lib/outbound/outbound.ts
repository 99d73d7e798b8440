/** The one outbound HTTP module: every call to a vendor goes through here. */

import type { LookupFunction } from 'node:net'
import { type Deadline, pause, vendorTimedOut, waitingMs, withinWaiting } from '../concurrency/deadline.ts'
import { jitteredPauseMs } from '../concurrency/retry.ts'
import { checkUrl, guardedLookup, isLoopback, loopbackLookup } from './address-guard.ts'
import { attemptMs, connections, type Use } from './connections.ts'
import { ConnectionReset, type OutboundCall, type Reply, sendOnce, unavailable } from './exchange.ts'

export { NO_ANSWER, type OutboundCall, type Reply } from './exchange.ts'
export { TOO_LARGE } from './reply-body.ts'

/** How often a call that may be repeated is repeated after a 5xx. */
const RETRIES = 2
const RETRY_BASE_MS = 100

/**
 * Sends one call and gives whatever was answered, redirects and failures included: what a status means is the
 * vendor's module's to say. Repeats repeatable calls: once after a lost connection, on a new one, and twice after a 5xx
 * without a `Retry-After`. Goes straight to the vendor: no proxy of the environment's is used.
 * Throws UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_ADDRESS_REFUSED, and UPSTREAM_UNEXPECTED for what cannot be
 * read: not HTTP, a body over its cap, an encoding that is unknown or broken.
 */
export type Outbound = (call: OutboundCall, deadline: Deadline) => Promise<Reply>

export interface OutboundDeps {
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** Only for a laptop, where the vendors are emulators on loopback: calls there may go, also in plain http. */
  readonly allowLoopbackHttp: boolean
  /** How names are looked up. Default the system's way, with the addresses checked. */
  readonly lookup?: LookupFunction
}

export const outbound = ({ now, random, allowLoopbackHttp, lookup }: OutboundDeps): Outbound => {
  const { agentFor, distrust } = connections(now)

  const send = (call: OutboundCall, deadline: Deadline, use: Use): Promise<Reply> => {
    const url = new URL(call.url)
    const staysHere = allowLoopbackHttp && isLoopback(url)
    if (!staysHere) checkUrl(url)
    const timeoutMs = waitingMs(deadline)
    if (timeoutMs <= 0) return Promise.reject(vendorTimedOut('no time left'))
    return sendOnce(url, call, {
      agent: agentFor(url, call, use),
      signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
      autoSelectFamilyAttemptTimeout: attemptMs(timeoutMs),
      lookup: lookup ?? (staysHere ? loopbackLookup : guardedLookup),
      sentAt: now().getTime(),
    })
  }

  return async (call, givenDeadline) => {
    const { atMostMs } = call
    const deadline = atMostMs === undefined ? givenDeadline : withinWaiting(givenDeadline, atMostMs)
    let resets = 0
    for (let retries = 0; ; ) {
      try {
        // A connection from before a freeze may be dead: a call that cannot be repeated does not bet on it.
        const reply = await send(call, deadline, call.isRepeatable && resets === 0 ? 'kept' : 'new')
        if (reply.status < 500 || !call.isRepeatable || retries >= RETRIES || call.isFinal?.(reply))
          return reply
        // A vendor that says when to come back is not asked again before.
        if (reply.headers['retry-after'] !== undefined) return reply
      } catch (error) {
        if (!(error instanceof ConnectionReset)) throw error
        distrust(new URL(call.url), call)
        if (!call.isRepeatable || resets >= 1) throw unavailable('reset')
        resets += 1
        continue
      }
      const waitMs = jitteredPauseMs({ pauseMs: RETRY_BASE_MS, random }, retries + 1)
      if (waitMs >= waitingMs(deadline)) throw unavailable('5xx')
      await pause(waitMs)
      retries += 1
    }
  }
}
