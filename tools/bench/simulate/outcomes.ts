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

/** `fromMs`: calls that begin before that moment are made and not counted. Default all are. */
export const outcomes = (clock: Pick<Clock, 'elapsed'>, fromMs = 0) => {
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
    /** Never throws. Returns what refused the call, or undefined where it succeeded. */
    refusalOf: async (call: () => Promise<unknown>): Promise<unknown> => {
      const from = clock.elapsed()
      const refusal = await call().then(
        () => undefined,
        (error: unknown) => error,
      )
      if (from < fromMs) return refusal
      calls += 1
      if (refusal === undefined) longestMs = Math.max(longestMs, clock.elapsed() - from)
      else {
        refused += 1
        const reason = reasonOf(refusal)
        reasons[reason] = (reasons[reason] ?? 0) + 1
      }
      return refusal
    },
    sum: (): Outcomes => ({ calls, refused, reasons: { ...reasons }, longestMs }),
  }
}
