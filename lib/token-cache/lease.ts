/** The lease in a token's item: who asks the vendor while all others wait. It saves calls, and nothing else. */

import type { Deadline } from '../concurrency/deadline.ts'
import { waitingTime } from '../concurrency/sandbox-time.ts'
import { isGoingOn } from '../concurrency/shared-time.ts'
import { asBridgeError, BridgeError, type ErrorCode } from '../errors.ts'
import type { Table } from '../table/table.ts'
import { keptUntil, type Seen } from './items.ts'
import type { TokenSubject } from './service-token.ts'

/** For how long a lease stands. Its holder gives up asking before it ends. */
export const LEASE_MS = 10_000
export const FETCH_MS = 9_000

/** Whether somebody may hold the lease at `at`, by the clocks alone. Epoch milliseconds. */
export const isLeased = ({ leaseUntil }: Pick<Seen, 'leaseUntil'>, at: number): boolean =>
  isGoingOn(leaseUntil, at, LEASE_MS)

export interface LeaseDeps {
  readonly table: Table
  readonly now: () => Date
}

/** What is noted with a new lease: that a request wants the token, that it is renewed by force. Epoch milliseconds. */
export interface LeaseNotes {
  readonly usedAt?: number | undefined
  readonly forcedAt?: number | undefined
}

/** A lease that is asked for or held: on which item, as it was seen, and under which id. */
export interface Lease {
  readonly subject: TokenSubject
  readonly state: Seen
  readonly id: string
}

/** A lease that ended without a token. */
export interface LeaseFailure {
  readonly error: unknown
  /** Whether the item's token may still be used. */
  readonly isStillGood: boolean
}

export const tokenLeases = ({ table, now }: LeaseDeps) => ({
  /** True when the lease is now this one. False when the item is no longer as seen: somebody was faster. */
  acquire: (
    { subject: { system, tenantSpaceId }, state: { pk, asSeen }, id }: Lease,
    notes: LeaseNotes,
    deadline: Deadline,
  ): Promise<boolean> => {
    const at = now().getTime()
    const lease = { leaseId: id, leaseUntil: at + LEASE_MS, sweepAt: keptUntil(at) }
    return table.change(
      pk,
      {
        set: { system, tenantSpaceId, ...lease, ...notes },
        remove: ['failedLeaseId', 'failedCode'],
        ifSeen: asSeen,
      },
      deadline,
    )
  },

  /**
   * Gives a lease back without a token, and says why: whoever waits for it need not find out again. An item whose
   * token is still good keeps its place on the schedule's list: requests that fail must not put the schedule off.
   * Any other is due at once, and so for the schedule's next run, however early that comes: whether the vendor is then
   * asked is the circuit breaker's to say. It is listed behind what was due before. False when it was no longer ours.
   */
  release: (
    { subject: { system }, state: { pk }, id }: Lease,
    { error, isStillGood }: LeaseFailure,
    deadline: Deadline,
  ): Promise<boolean> => {
    const { code } = asBridgeError(error)
    const listing = isStillGood ? {} : { listedIn: system, listedAt: now().getTime() }
    return table.change(
      pk,
      {
        set: { failedLeaseId: id, failedCode: code, ...listing },
        remove: ['leaseId', 'leaseUntil'],
        ifSeen: { leaseId: id },
      },
      deadline,
    )
  },
})

export type TokenLeases = ReturnType<typeof tokenLeases>

/** How one request sees leases. Remembers the one that it waits for. */
export interface Watch {
  /**
   * Whether somebody holds the lease. Beside its own end, one that was watched for its whole length is over: clocks
   * differ, and a holder may be dead.
   */
  readonly isHeld: (state: Seen) => boolean
  /** What ended the lease that was waited for, where it ended without a token and that holds for the waiting too. */
  readonly failure: (state: Seen) => BridgeError | undefined
}

export const leaseWatch = (now: () => Date): Watch => {
  let watched: { readonly leaseId: string; readonly since: number } | undefined
  const time = waitingTime(now)
  return {
    isHeld: ({ leaseId, leaseUntil }) => {
      if (leaseId === undefined) return false
      if (watched?.leaseId !== leaseId) watched = { leaseId, since: time() }
      return now().getTime() < leaseUntil && time() - watched.since < LEASE_MS
    },
    failure: ({ failedLeaseId, failedCode }) => {
      if (watched === undefined || failedLeaseId !== watched.leaseId) return undefined
      const code = SHARED_FAILURES.find((shared) => shared === failedCode)
      return code && new BridgeError(code, 'the vendor has just failed another request for this token')
    },
  }
}

/**
 * Not a refusal of credentials: the block tells that, and the secret is then read again. Not a time-out: who has more
 * time may try again.
 */
const SHARED_FAILURES: readonly ErrorCode[] = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_UNEXPECTED',
]
