/** One run for all who want the same thing at the same time. */

import { cacheTime } from './sandbox-time.ts'

export interface SingleFlight<Result> {
  /** The run of that key which may be joined at this moment, or undefined. */
  readonly underWay: (key: string) => Promise<Result> | undefined
  /**
   * Joins the run of that key that is under way, else starts one. A run that ends is forgotten, whether it brought a
   * result or a failure: neither is kept for those who come later. Knows no deadline: see `withinDeadline`.
   */
  readonly run: (key: string, start: () => Promise<Result>) => Promise<Result>
}

export interface Joinable {
  readonly now: () => Date
  /**
   * Milliseconds from its start within which a run may be joined. A sandbox may freeze with a run under way: what that
   * brings hours later is not for those who ask then.
   */
  readonly joinableMs: number
}

interface Flight<Result> {
  readonly result: Promise<Result>
  /** By the sandbox's time. */
  readonly startedAt: number
}

/** Without `joinable` a run may be joined until it ends. */
export const singleFlight = <Result>(joinable?: Joinable): SingleFlight<Result> => {
  const flights = new Map<string, Flight<Result>>()
  const at = joinable === undefined ? () => 0 : cacheTime(joinable.now)
  const longestMs = joinable?.joinableMs ?? Number.POSITIVE_INFINITY

  const underWay = (key: string): Promise<Result> | undefined => {
    const flight = flights.get(key)
    return flight && at() - flight.startedAt < longestMs ? flight.result : undefined
  }

  return {
    underWay,
    run: (key, start) => {
      const running = underWay(key)
      if (running !== undefined) return running
      const startedAt = at()
      const flight = { result: start(), startedAt }
      flights.set(key, flight)
      const end = (): void => {
        if (flights.get(key) === flight) flights.delete(key)
      }
      // Also keeps a failure from being unhandled when whoever waited has stopped at a deadline.
      flight.result.then(end, end)
      return flight.result
    },
  }
}
