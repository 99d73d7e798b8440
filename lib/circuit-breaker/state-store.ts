/** Where all sandboxes have the states of credentials in common: the table. */

import type { Deadline } from '../concurrency/deadline.ts'
import { retries } from '../concurrency/retry.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { Table } from '../table/table.ts'
import { isUnreadable } from '../table/unreadable.ts'
import type { Account } from './policy.ts'
import type { OpenState } from './state.ts'
import { stateAttributes, stateOf } from './state-items.ts'

const WRITES = { attempts: 3, pauseMs: 100 }

export interface StateStoreDeps {
  readonly table: Table
  /** A fingerprint as it may be stored. Throws where the key for that cannot be read. */
  readonly keyed: (fingerprint: string, deadline: Deadline) => Promise<string>
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly pause?: (ms: number) => Promise<void>
}

/** Throws TOKEN_STORE_UNAVAILABLE, and what `keyed` throws. */
export const stateStore = ({ table, keyed, ...pauses }: StateStoreDeps) => {
  const retry = retries({ ...WRITES, ...pauses })

  const keyOf = async (account: Account, deadline: Deadline): Promise<string> => {
    const { system, tenantSpaceId, fingerprint } = account
    return lengthPrefixed(system, 'block', tenantSpaceId, await keyed(fingerprint, deadline))
  }

  const write = async (account: Account, state: OpenState, deadline: Deadline): Promise<void> => {
    const pk = await keyOf(account, deadline)
    const change = stateAttributes(account, state)
    if (!account.policy.locksAccount || isEndless(state)) {
      await table.change(pk, change, deadline)
      return
    }
    // Never over a state without end: who was refused without a reason knows less than who was given one.
    const item = await table.get(pk, deadline)
    if (isEndless(stateOf(item))) return
    const { failure, until } = item ?? {}
    await table.change(pk, { ...change, ifSeen: { failure, until } }, deadline)
  }

  return {
    load: async (account: Account, deadline: Deadline): Promise<OpenState | undefined> =>
      stateOf(await table.get(await keyOf(account, deadline), deadline)),

    /** Whether it is stored now. False, after three tries, while the table is unreadable. */
    save: async (account: Account, state: OpenState, deadline: Deadline): Promise<boolean> => {
      try {
        await retry(() => write(account, state, deadline), { mayPass: isUnreadable, deadline })
        return true
      } catch (error) {
        if (!isUnreadable(error)) throw error
        return false
      }
    },

    /** Puts `next` in the place of what was seen. True for one caller of all sandboxes. */
    claimProbe: async (
      account: Account,
      { seen, next }: { readonly seen: OpenState; readonly next: OpenState },
      deadline: Deadline,
    ): Promise<boolean> => {
      const change = { set: { until: next.until }, ifSeen: { until: seen.until } }
      return table.change(await keyOf(account, deadline), change, deadline)
    },

    /** Not a later state, which another sandbox has seen since: that may have the same beginning. */
    remove: async (account: Account, state: OpenState, deadline: Deadline): Promise<void> => {
      const { failure, since, until } = state
      const ifSeen = { failure, since, until: isEndless(state) ? undefined : until }
      await table.remove(await keyOf(account, deadline), ifSeen, deadline)
    },
  }
}

const isEndless = (state: OpenState | undefined): boolean => state?.until === Number.POSITIVE_INFINITY
