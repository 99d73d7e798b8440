/** Who holds the lease: asks the vendor for everybody, and shares what it says. */

import { type Deadline, within } from '../concurrency/deadline.ts'
import type { Log } from '../log.ts'
import { whenUnreadable } from '../table/unreadable.ts'
import { FETCH_MS, type Lease, type LeaseFailure, type TokenLeases } from './lease.ts'
import type { Fetch, ServiceToken, TokenRequest } from './service-token.ts'
import type { Stored, StoredTokens } from './stored-tokens.ts'

/** Asks the vendor. Each token that comes is one audit line. */
export const auditedFetch =
  (log: Log) =>
  async ({ subject: { system, tenantSpaceId }, fetch }: TokenRequest, ...how: Parameters<Fetch>) => {
    const token = await fetch(...how)
    log('INFO', { code: 'MACHINE_TOKEN_FETCHED', system, tenantSpaceId })
    return token
  }

export type AuditedFetch = ReturnType<typeof auditedFetch>

export interface HolderDeps {
  readonly stored: Pick<StoredTokens, 'read' | 'write'>
  readonly leases: Pick<TokenLeases, 'release'>
  readonly ask: AuditedFetch
  readonly now: () => Date
}

/** What a lease was acquired on. */
export interface Held {
  readonly stored: Stored
  readonly leaseId: string
  /** Epoch milliseconds. */
  readonly leasedAt: number
}

export type Holder = (
  request: TokenRequest,
  held: Held,
  isGood?: (token: ServiceToken) => boolean,
) => Promise<ServiceToken>

/**
 * Fetches under a lease and writes the token down. A fetch that fails gives the lease back and throws what the vendor
 * said, except where another has taken over meanwhile and has a token that is good.
 */
export const leaseHolder = ({ stored, leases, ask, now }: HolderDeps): Holder => {
  /** Gives the lease back. Where another has taken over from a holder that stalled, its token is as good. */
  const giveBack = async (lease: Lease, failure: LeaseFailure, deadline: Deadline) => {
    const isOurs = await leases.release(lease, failure, deadline).catch(whenUnreadable(() => true))
    if (isOurs) return undefined
    const others = await stored.read(lease.subject, deadline).catch(whenUnreadable(() => undefined))
    return others?.token
  }

  return async (request, { stored: current, leaseId, leasedAt }, isGood = () => true) => {
    const { subject, deadline } = request
    // Writing the lease may have taken seconds of it.
    const heldMs = Math.max(0, now().getTime() - leasedAt)
    let token: ServiceToken
    try {
      token = await ask(request, within(deadline, FETCH_MS - heldMs))
    } catch (error) {
      const lease = { subject, state: current.state, id: leaseId }
      const failure = { error, isStillGood: current.token !== undefined }
      const other = await giveBack(lease, failure, deadline)
      if (other === undefined || !isGood(other)) throw error
      return other
    }
    return stored.write(current, token, deadline)
  }
}
