/** Circuit breaker for credentials: a vendor's refusal is remembered for every sandbox, so that nobody tries them again. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { UpstreamFailure } from '../outbound/failures.ts'
import type { FetchMode } from '../table/fetch-mode.ts'
import { isUnreadable, whenUnreadable } from '../table/unreadable.ts'
import type { Account } from './policy.ts'
import { type Remembered, sandboxMemory } from './sandbox-memory.ts'
import { decide, isSameState, type OpenState, opened, openFailure, whileProbed } from './state.ts'
import { type StateStoreDeps, stateStore } from './state-store.ts'

export interface CircuitBreakerDeps extends StateStoreDeps {
  readonly now: () => Date
}

export interface CircuitBreaker {
  /**
   * What stands in the way of showing these credentials, or undefined. When a pause is over, one caller of all
   * sandboxes gets undefined and may try. Throws TOKEN_STORE_UNAVAILABLE where wrong secrets lock the account, the
   * table is unreadable or has just failed to give a lease (`isAlone`), and this sandbox has never been successful with
   * them.
   */
  readonly check: (
    account: Account,
    deadline: Deadline,
    mode?: FetchMode,
  ) => Promise<UpstreamFailure | undefined>
  /** Remembers a refusal as the account's policy says. Failures that say nothing about credentials leave no trace. */
  readonly recordFailure: (account: Account, failure: UpstreamFailure, deadline: Deadline) => Promise<void>
  /** A try that begins now, after `check` has let it through: what is known of the credentials at this moment. */
  readonly begin: (account: Account) => Try
  /**
   * Forgets what was known when the try began: the credentials are good. What has been learnt since then stays, in
   * memory and in the table: an answer to an earlier try says nothing of a later one.
   */
  readonly recordSuccess: (begun: Try, deadline: Deadline) => Promise<void>
}

export interface Try {
  readonly account: Account
  /** Undefined for credentials that nobody had refused. */
  readonly known: OpenState | undefined
}

export const circuitBreaker = ({ now, ...storeDeps }: CircuitBreakerDeps): CircuitBreaker => {
  const store = stateStore(storeDeps)
  const memory = sandboxMemory(now)

  const decideOn = (account: Account, state: OpenState) =>
    decide(state, now(), memory.watchedMs(account, state))

  /** The verdict of a state whose pause may be over; `claim` says who may try then. */
  const verdict = async (
    account: Account,
    state: OpenState,
    claim: () => boolean | Promise<boolean>,
  ): Promise<UpstreamFailure | undefined> => {
    const decision = decideOn(account, state)
    if (decision.kind === 'open') return openFailure(state, decision.leftMs)
    return (await claim()) ? undefined : openFailure(state, state.backOffMs)
  }

  const claimInTable = async (account: Account, state: OpenState, deadline: Deadline): Promise<boolean> => {
    const next = whileProbed(state, now())
    const isOurs = await store.claimProbe(account, { seen: state, next }, deadline)
    memory.keep(account, next, true)
    return isOurs
  }

  const claimInMemory = (account: Account, { state, isStored }: Remembered): boolean => {
    memory.keep(account, whileProbed(state, now()), isStored)
    return true
  }

  const verdictOfMemory = (account: Account, known: Remembered): Promise<UpstreamFailure | undefined> =>
    verdict(account, known.state, () => claimInMemory(account, known))

  const isUntried = (account: Account): boolean =>
    account.policy.locksAccount && !memory.hasSucceeded(account)

  /** What memory alone can say, or undefined where the table must be asked. */
  const checkMemory = async (account: Account, deadline: Deadline): Promise<UpstreamFailure | undefined> => {
    const known = memory.get(account)
    if (known === undefined) return undefined
    const decision = decideOn(account, known.state)
    if (decision.kind !== 'open') return undefined
    const isRecent = memory.isRecent(known)
    if (known.isStored && !isRecent) return undefined
    if (!isRecent) memory.keep(account, known.state, await store.save(account, known.state, deadline))
    return openFailure(known.state, decision.leftMs)
  }

  const checkTable = async (
    account: Account,
    deadline: Deadline,
    { isAlone = false }: FetchMode,
  ): Promise<UpstreamFailure | undefined> => {
    const state = await store.load(account, deadline)
    if (state !== undefined) {
      memory.keep(account, state, true)
      return verdict(account, state, () => claimInTable(account, state, deadline))
    }
    // One that could not be stored cannot have been lifted.
    const own = memory.get(account)
    if (own !== undefined && !own.isStored) return verdictOfMemory(account, own)
    memory.forget(account)
    // That nobody has been refused yet is no leave to try, while somebody may be trying.
    if (isAlone && isUntried(account)) throw withoutLease()
    return undefined
  }

  /** With the table unreadable, what this sandbox knows by itself. */
  const checkAlone = async (account: Account, error: unknown): Promise<UpstreamFailure | undefined> => {
    if (!isUnreadable(error)) throw error
    const known = memory.get(account)
    const isOpen = known !== undefined && decideOn(account, known.state).kind === 'open'
    if (!isOpen && isUntried(account)) throw error
    return known && verdictOfMemory(account, known)
  }

  return {
    check: async (account, deadline, mode = {}) =>
      (await checkMemory(account, deadline)) ??
      checkTable(account, deadline, mode).catch((error: unknown) => checkAlone(account, error)),

    recordFailure: async (account, failure, deadline) => {
      const earlier = memory.get(account)?.state
      const state = opened({ failure, earlier, policy: account.policy }, now())
      if (state === undefined) return
      // In memory first: nothing of this sandbox slips through while it is being written.
      memory.keep(account, state, false)
      memory.keep(account, state, await store.save(account, state, deadline))
    },

    begin: (account) => ({ account, known: memory.get(account)?.state }),

    recordSuccess: async ({ account, known }, deadline) => {
      if (!isSameState(memory.get(account)?.state, known)) return
      memory.noteSuccess(account)
      if (known === undefined) return
      memory.forget(account)
      // What stays in the table comes to light again at the next look, and ends by itself.
      await store.remove(account, known, deadline).catch(whenUnreadable(() => undefined))
    },
  }
}

const withoutLease = (): BridgeError =>
  new BridgeError('TOKEN_STORE_UNAVAILABLE', 'the token store cannot be asked (WithoutLease)', {
    detail: { reason: 'WithoutLease' },
  })
