/** What one look at the table leads to: use, fetch, wait or give up. */

import type { Held } from './holder.ts'
import { LEASE_MS, type TokenLeases, type Watch } from './lease.ts'
import type { ServiceToken, TokenRequest } from './service-token.ts'
import type { StoredTokens } from './stored-tokens.ts'

/** Which token is wanted, and whether it is worth a fetch. */
export interface Wanted {
  /** Default any that may be used. */
  readonly isGood?: (token: ServiceToken) => boolean
  /** Given when one was last renewed by force, undefined with the table unreadable. Default always. */
  readonly mayFetch?: (forcedAt: number | undefined) => boolean
  /** Whether a fetch counts as one by force. Default not. */
  readonly isForced?: boolean
}

export type Step =
  | { readonly next: 'use'; readonly token: ServiceToken }
  /** The lease is ours. */
  | { readonly next: 'fetch'; readonly held: Held }
  /** Somebody else holds the lease, or has just been faster. */
  | { readonly next: 'wait' }
  /** No token is worth a fetch. */
  | { readonly next: 'give-up' }

/** One request's search. Its lease id and its watch are the same at every look. */
export interface Search extends Pick<TokenRequest, 'subject' | 'deadline'> {
  readonly wanted: Required<Wanted>
  readonly leaseId: string
  readonly watch: Watch
}

export interface LookDeps {
  readonly stored: Pick<StoredTokens, 'read' | 'touch'>
  readonly leases: Pick<TokenLeases, 'acquire'>
  readonly now: () => Date
}

/** Takes the lease where nobody holds it. Throws the failure that ended a lease which the search has waited for. */
export const looks =
  ({ stored, leases, now }: LookDeps) =>
  async ({ subject, deadline, wanted, leaseId, watch }: Search): Promise<Step> => {
    const current = await stored.read(subject, deadline)
    const { state, token } = current
    if (token !== undefined && wanted.isGood(token)) {
      await stored.touch(current, deadline)
      return { next: 'use', token }
    }
    // Ours after all, when the answer to its writing was lost.
    if (state.leaseId === leaseId) {
      return { next: 'fetch', held: { stored: current, leaseId, leasedAt: state.leaseUntil - LEASE_MS } }
    }
    if (watch.isHeld(state)) return { next: 'wait' }
    const failure = watch.failure(state)
    if (failure !== undefined) throw failure
    if (!wanted.mayFetch(state.forcedAt)) return { next: 'give-up' }
    const at = now().getTime()
    const notes = { usedAt: at, forcedAt: wanted.isForced ? at : undefined }
    const isAcquired = await leases.acquire({ subject, state, id: leaseId }, notes, deadline)
    return isAcquired ? { next: 'fetch', held: { stored: current, leaseId, leasedAt: at } } : { next: 'wait' }
  }

export type Look = ReturnType<typeof looks>
