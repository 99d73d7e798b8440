/** What one sandbox knows of credentials by itself, before it asks the table. */

import { boundedMap } from '../concurrency/bounded-map.ts'
import { cacheTime, waitingTime } from '../concurrency/sandbox-time.ts'
import type { Account } from './policy.ts'
import { isSameState, type OpenState } from './state.ts'

/** How long a sandbox relies on its own memory of a state: so long does lifting one by command take. */
const RECHECK_MS = 30_000
const MOST = 1_000

export interface Remembered {
  readonly state: OpenState
  readonly checkedAt: number
  /** Since when this sandbox knows this very state. */
  readonly knownSince: number
  /** Not when the table could not be written: then it is tried again before anything else. */
  readonly isStored: boolean
}

/** Holds a thousand states, and as many accounts that were successful. */
export const sandboxMemory = (now: () => Date) => {
  const states = boundedMap<string, Remembered>(MOST)
  const successes = boundedMap<string, true>(MOST)
  const time = cacheTime(now)
  const watch = waitingTime(now)
  const sinceWhen = (account: Account, state: OpenState): number => {
    const known = states.get(idOf(account))
    return known !== undefined && isSameState(known.state, state) ? known.knownSince : watch()
  }

  return {
    get: (account: Account): Remembered | undefined => states.get(idOf(account)),
    keep: (account: Account, state: OpenState, isStored: boolean): void =>
      states.set(idOf(account), {
        state,
        isStored,
        checkedAt: time(),
        knownSince: sinceWhen(account, state),
      }),
    /** For how many milliseconds this sandbox has known this very state. */
    watchedMs: (account: Account, state: OpenState): number => watch() - sinceWhen(account, state),
    forget: (account: Account): void => states.delete(idOf(account)),
    /** Whether what is remembered need not be compared with the table yet. */
    isRecent: ({ checkedAt }: Remembered): boolean => time() - checkedAt < RECHECK_MS,
    noteSuccess: (account: Account): void => {
      const id = idOf(account)
      if (successes.get(id) === undefined) successes.set(id, true)
    },
    /** Whether this sandbox has ever been successful with these credentials. */
    hasSucceeded: (account: Account): boolean => successes.get(idOf(account)) === true,
  }
}

const idOf = ({ system, tenantSpaceId, fingerprint }: Account): string =>
  JSON.stringify([system, tenantSpaceId, fingerprint])
