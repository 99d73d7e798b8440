/** A table that does not answer is left alone for a moment: every call would cost its whole time-out again. */

import { cacheTime } from '../concurrency/sandbox-time.ts'
import { BridgeError } from '../errors.ts'
import type { Table } from './table.ts'

/** As long as a request waits twice for a table that says nothing. */
const SILENCE_MS = 5_000

/** The reason of a failure that took its time. Others come at once, and are worth another try. */
const SLOW = 'TimeoutError'

/**
 * The same table, but for 5 s after a time-out every call throws TOKEN_STORE_UNAVAILABLE at once. Lists are asked for
 * by the schedule alone, which has the time.
 */
export const failFastTable = (table: Table, now: () => Date): Table => {
  const time = cacheTime(now)
  let silentSince = Number.NEGATIVE_INFINITY

  const asked = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (time() - silentSince < SILENCE_MS) throw silent()
    try {
      return await call()
    } catch (error) {
      if (error instanceof BridgeError && error.detail.reason === SLOW) silentSince = time()
      throw error
    }
  }

  return {
    get: (pk, deadline) => asked(() => table.get(pk, deadline)),
    change: (pk, change, deadline) => asked(() => table.change(pk, change, deadline)),
    remove: (pk, ifSeen, deadline) => asked(() => table.remove(pk, ifSeen, deadline)),
    count: (pk, sweepAt, deadline) => asked(() => table.count(pk, sweepAt, deadline)),
    add: (pk, amounts, deadline) => asked(() => table.add(pk, amounts, deadline)),
    listed: table.listed,
  }
}

const silent = (): BridgeError =>
  new BridgeError('TOKEN_STORE_UNAVAILABLE', 'the token store did not answer a moment ago', {
    detail: { reason: 'Silent' },
  })
