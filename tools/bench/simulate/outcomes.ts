/** What became of many calls: how many were refused, why, and how long the others took. */

import { asBridgeError } from '../../../lib/errors.ts'
import { Throttled } from './aws/account.ts'
import { TooManyRequests } from './aws/gateway.ts'
import type { Clock } from './clock.ts'

export interface Outcomes {
  readonly calls: number
  readonly refused: number
  /** By what refused: the gateway's limit of a route (429), Lambda's executions (503), or a code of our own. */
  readonly reasons: Readonly<Record<string, number>>
  readonly longestMs: number
}

export const outcomes = (clock: Pick<Clock, 'elapsed'>) => {
  let calls = 0
  let refused = 0
  let longestMs = 0
  const reasons: Record<string, number> = {}

  const reasonOf = (error: unknown): string => {
    if (error instanceof TooManyRequests) return 'route limit'
    if (error instanceof Throttled) return 'executions'
    return asBridgeError(error).code
  }

  return {
    /** Never throws. Returns whether the call succeeded. */
    of: async (call: () => Promise<unknown>): Promise<boolean> => {
      const from = clock.elapsed()
      calls += 1
      try {
        await call()
        longestMs = Math.max(longestMs, clock.elapsed() - from)
        return true
      } catch (error) {
        refused += 1
        const reason = reasonOf(error)
        reasons[reason] = (reasons[reason] ?? 0) + 1
        return false
      }
    },
    sum: (): Outcomes => ({ calls, refused, reasons: { ...reasons }, longestMs }),
  }
}
