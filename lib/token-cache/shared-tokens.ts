/** One machine token for all sandboxes: who asks the vendor, who waits, and whose token counts. */

import { type Deadline, vendorTimedOut, waitingMs, within } from '../concurrency/deadline.ts'
import type { BridgeError } from '../errors.ts'
import { isUnreadable, whenUnreadable } from '../table/unreadable.ts'
import type { Seen } from './items.ts'
import { FETCH_MS, LEASE_MS, leaseWatch, tokenLeases } from './lease.ts'
import type { Fetch, MachineToken, TokenSubject } from './machine-token.ts'
import { type Stored, type StoredTokenDeps, storedTokens } from './stored-tokens.ts'

const WAIT_MS = 50
const LONGEST_WAIT_MS = 500
/** Looks in a row that must fail until a sandbox goes alone. Those at a table that is silent cost no time. */
const LOOKS = 3

export interface SharedTokenDeps extends StoredTokenDeps {
  readonly newId: () => string
}

export type SharedTokens = ReturnType<typeof sharedTokens>

/** Which token is wanted, and whether it is worth a fetch. */
export interface Wanted {
  /** Default any that may be used. */
  readonly isGood?: (token: MachineToken) => boolean
  /** Given when one was last renewed by force, undefined with the table unreadable. Default always. */
  readonly mayFetch?: (forcedAt: number | undefined) => boolean
  /** Whether a fetch counts as one by force. Default not. */
  readonly isForced?: boolean
}

/** What one look at the table leads to. */
type Step =
  | { readonly next: 'use'; readonly token: MachineToken }
  | { readonly next: 'fetch'; readonly stored: Stored; readonly leasedAt: number }
  | { readonly next: 'wait' }
  | { readonly next: 'give-up' }
  | { readonly next: 'go-alone'; readonly error: BridgeError }

/**
 * One fetch per life of a token, however many sandboxes want it. The lease in a token's item only saves calls to the
 * vendor: what keeps the item right is that a token is written only over the generation that its fetcher saw.
 * With the table unreadable each sandbox fetches for itself: dearer, never unavailable.
 */
export const sharedTokens = (deps: SharedTokenDeps) => {
  const { table, now, random, newId, pause, log } = deps
  const stored = storedTokens(deps)
  const leases = tokenLeases({ table, now })

  /** Asks the vendor. Each token that comes is one audit line. */
  const ask = async (
    { system, tenantSpaceId }: TokenSubject,
    fetch: Fetch,
    ...how: Parameters<Fetch>
  ): Promise<MachineToken> => {
    const token = await fetch(...how)
    log('INFO', { code: 'MACHINE_TOKEN_FETCHED', system, tenantSpaceId })
    return token
  }

  /** Asks the vendor as holder of the lease, and shares what it says. */
  const fetchAsHolder = async (
    subject: TokenSubject,
    current: Stored,
    ownId: string,
    leasedAt: number,
    fetch: Fetch,
    deadline: Deadline,
    isGood: (token: MachineToken) => boolean = () => true,
  ): Promise<MachineToken> => {
    // Writing the lease may have taken seconds of it.
    const heldMs = Math.max(0, now().getTime() - leasedAt)
    let token: MachineToken
    try {
      token = await ask(subject, fetch, within(deadline, FETCH_MS - heldMs))
    } catch (error) {
      const isOurs = await leases
        .release(subject, current.state, ownId, error, current.token !== undefined, deadline)
        .catch(whenUnreadable(() => true))
      // Stalled for so long that another took over: its token is as good as ours would have been.
      const others = isOurs
        ? undefined
        : await stored.read(subject, deadline).catch(whenUnreadable(() => undefined))
      if (others?.token === undefined || !isGood(others.token)) throw error
      return others.token
    }
    return stored.write(subject, current, token, deadline)
  }

  /** The token that is wanted: from the table, on its way already, or fetched. Undefined where it is not worth that. */
  const obtain = async (
    subject: TokenSubject,
    fetch: Fetch,
    deadline: Deadline,
    { isGood = () => true, mayFetch = () => true, isForced = false }: Wanted = {},
  ): Promise<MachineToken | undefined> => {
    const ownId = newId()
    const watch = leaseWatch(now)

    const look = async (): Promise<Step> => {
      const current = await stored.read(subject, deadline)
      const { state, token } = current
      if (token !== undefined && isGood(token)) {
        await stored.touch(subject, state, deadline)
        return { next: 'use', token }
      }
      // Ours after all, when the answer to its writing was lost.
      if (state.leaseId === ownId)
        return { next: 'fetch', stored: current, leasedAt: state.leaseUntil - LEASE_MS }
      if (watch.isHeld(state)) return { next: 'wait' }
      const failure = watch.failure(state)
      if (failure !== undefined) throw failure
      if (!mayFetch(state.forcedAt)) return { next: 'give-up' }
      const at = now().getTime()
      const notes = { usedAt: at, forcedAt: isForced ? at : undefined }
      const isAcquired = await leases.acquire(subject, state, ownId, notes, deadline)
      return isAcquired ? { next: 'fetch', stored: current, leasedAt: at } : { next: 'wait' }
    }

    let failures: BridgeError[] = []
    for (let waits = 0; ; waits++) {
      const step = await look().then(
        (seen): Step => {
          failures = []
          return seen
        },
        (error: unknown): Step => {
          if (!isUnreadable(error)) throw error
          if (!mayFetch(undefined)) return { next: 'give-up' }
          failures.push(error)
          // A table that fails now and then is asked again: there may be a token, or somebody who fetches one.
          const [first = error] = failures
          return failures.length < LOOKS ? { next: 'wait' } : { next: 'go-alone', error: first }
        },
      )
      if (step.next === 'use') return step.token
      if (step.next === 'give-up') return undefined
      if (step.next === 'fetch')
        return fetchAsHolder(subject, step.stored, ownId, step.leasedAt, fetch, deadline, isGood)
      if (step.next === 'go-alone') {
        stored.report(subject, step.error)
        // Whether credentials may be shown without the table, the fetch knows.
        return ask(subject, fetch, deadline, { isAlone: true })
      }
      const waitMs = Math.min(WAIT_MS * 1.5 ** waits, LONGEST_WAIT_MS) * (0.5 + random())
      if (waitingMs(deadline) <= waitMs) throw vendorTimedOut()
      await pause(waitMs)
    }
  }

  return {
    /** A token that may be used. Waits for whoever fetches one. Throws what `fetch` throws, and UPSTREAM_TIMEOUT. */
    get: async (subject: TokenSubject, fetch: Fetch, deadline: Deadline): Promise<MachineToken> => {
      const token = await obtain(subject, fetch, deadline)
      if (token === undefined) throw vendorTimedOut()
      return token
    },

    /** Another token than one that was refused, or undefined where `wanted` says that none is worth a fetch. */
    replace: (
      subject: TokenSubject,
      refused: MachineToken,
      fetch: Fetch,
      deadline: Deadline,
      wanted: Omit<Wanted, 'isGood'>,
    ): Promise<MachineToken | undefined> =>
      obtain(subject, fetch, deadline, { ...wanted, isGood: ({ token }) => token !== refused.token }),

    /**
     * A newer token than `known`, which is still good: the one in the table, or a new one if nobody else is at it.
     * Undefined when there is none to be had without waiting for others, and while the table is unreadable.
     */
    renew: async (
      subject: TokenSubject,
      known: MachineToken,
      fetch: Fetch,
      deadline: Deadline,
    ): Promise<MachineToken | undefined> => {
      const ownId = newId()
      try {
        const current = await stored.read(subject, deadline)
        const { state, token } = current
        if (token !== undefined && token.expiresAt > known.expiresAt) {
          await stored.touch(subject, state, deadline)
          return token
        }
        const at = now().getTime()
        if (at < state.leaseUntil) return undefined
        if (!(await leases.acquire(subject, state, ownId, { usedAt: at }, deadline))) return undefined
        return await fetchAsHolder(subject, current, ownId, at, fetch, deadline)
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
    refresh: async (
      subject: TokenSubject,
      listed: Seen | undefined,
      fetch: Fetch,
      deadline: Deadline,
    ): Promise<boolean> => {
      const current = listed ? await stored.unread(listed, deadline) : await stored.read(subject, deadline)
      const at = now().getTime()
      if (current.token !== undefined || at < current.state.leaseUntil) return false
      const ownId = newId()
      const notes = listed === undefined ? { usedAt: at } : {}
      if (!(await leases.acquire(subject, current.state, ownId, notes, deadline))) return false
      await fetchAsHolder(subject, current, ownId, at, fetch, deadline)
      return true
    },

    keyOf: stored.keyOf,
  }
}
