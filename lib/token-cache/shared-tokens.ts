/** One service token for all sandboxes: who asks the vendor, who waits, and whose token counts. */

import { vendorTimedOut } from '../concurrency/deadline.ts'
import { isUnreadable } from '../table/unreadable.ts'
import { auditedFetch, leaseHolder } from './holder.ts'
import type { Seen } from './items.ts'
import { isLeased, tokenLeases } from './lease.ts'
import { looks, type Wanted } from './look.ts'
import type { ServiceToken, TokenRequest } from './service-token.ts'
import { type Stored, type StoredTokenDeps, storedTokens } from './stored-tokens.ts'
import { tokenWaiter } from './waiter.ts'

export interface SharedTokenDeps extends StoredTokenDeps {
  readonly newId: () => string
}

export type SharedTokens = ReturnType<typeof sharedTokens>

/**
 * One fetch per life of a token, however many sandboxes want it. The lease in a token's item only saves calls to the
 * vendor: what keeps the item right is that a token is written only over the generation that its fetcher saw.
 * With the table unreadable each sandbox fetches for itself: dearer, never unavailable.
 */
export const sharedTokens = (deps: SharedTokenDeps) => {
  const { table, now, random, newId, pause, log } = deps
  const stored = storedTokens(deps)
  const leases = tokenLeases({ table, now })
  const ask = auditedFetch(log)
  const fetchAsHolder = leaseHolder({ stored, leases, ask, now })
  const look = looks({ stored, leases, now })
  const obtain = tokenWaiter({ look, fetchAsHolder, ask, report: stored.report, now, random, newId, pause })

  /** Fetches where nobody else holds the lease. Waits for nobody: undefined where somebody does, or was faster. */
  const fetchIfFree = async (
    request: TokenRequest,
    current: Stored,
    { countsAsUse }: { readonly countsAsUse: boolean },
  ): Promise<ServiceToken | undefined> => {
    const { subject, deadline } = request
    const { state } = current
    const at = now().getTime()
    if (isLeased(state, at)) return undefined
    const leaseId = newId()
    const notes = countsAsUse ? { usedAt: at } : {}
    if (!(await leases.acquire({ subject, state, id: leaseId }, notes, deadline))) return undefined
    return fetchAsHolder(request, { stored: current, leaseId, leasedAt: at })
  }

  return {
    /**
     * A token that may be used; of the stored ones, one that `isGood`. Waits for whoever fetches one. Throws what `fetch`
     * throws, and UPSTREAM_TIMEOUT.
     */
    get: async (request: TokenRequest, isGood?: Wanted['isGood']): Promise<ServiceToken> => {
      const token = await obtain(request, isGood && { isGood })
      if (token === undefined) throw vendorTimedOut()
      return token
    },

    /** Another token than one that was refused, or undefined where `wanted` says that none is worth a fetch. */
    replace: (
      request: TokenRequest,
      refused: ServiceToken,
      wanted: Omit<Wanted, 'isGood'>,
    ): Promise<ServiceToken | undefined> =>
      obtain(request, { ...wanted, isGood: ({ token }) => token !== refused.token }),

    /**
     * A newer token than `known`, which is still good: the one in the table, or a new one if nobody else is at it.
     * Undefined when there is none to be had without waiting for others, and while the table is unreadable.
     */
    renew: async (request: TokenRequest, known: ServiceToken): Promise<ServiceToken | undefined> => {
      const { subject, deadline } = request
      try {
        const current = await stored.read(subject, deadline)
        const { token } = current
        if (token === undefined || token.expiresAt <= known.expiresAt) {
          return await fetchIfFree(request, current, { countsAsUse: true })
        }
        await stored.touch(current, deadline)
        return token
      } catch (error) {
        if (!isUnreadable(error)) throw error
        stored.report(subject, error)
        return undefined
      }
    },

    /**
     * Fetches for the schedule: what a list showed as due, or a token that may not be there yet. False when there is
     * nothing to do, or somebody else is at it. Throws what counts as an unreadable table: then nothing is fetched.
     */
    refresh: async (request: TokenRequest, listed: Seen | undefined): Promise<boolean> => {
      const { subject, deadline } = request
      const current = await (listed === undefined
        ? stored.read(subject, deadline)
        : stored.unread(subject, listed, deadline))
      if (current.token !== undefined) return false
      const fetched = await fetchIfFree(request, current, { countsAsUse: listed === undefined })
      return fetched !== undefined
    },

    keyOf: stored.keyOf,
  }
}
