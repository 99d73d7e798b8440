/** Requests of one sandbox that want the same token at the same time share one run. */

import { type Deadline, vendorTimedOut, waitingMs, withinDeadline } from '../concurrency/deadline.ts'
import type { SingleFlight } from '../concurrency/single-flight.ts'
import { asBridgeError } from '../errors.ts'

export interface Flight<Result> {
  readonly key: string
  readonly start: () => Promise<Result>
}

/**
 * Joins the run of that key, or starts it. Who joins waits no longer than its own deadline lets it, which is
 * UPSTREAM_TIMEOUT. A run that fails for its starter's lack of time is begun again by whoever has more.
 */
export const joinOrStart = async <Result>(
  flights: SingleFlight<Result>,
  { key, start }: Flight<Result>,
  deadline: Deadline,
): Promise<Result> => {
  const running = flights.underWay(key)
  if (running === undefined) return flights.run(key, start)
  try {
    return await withinDeadline(running, { remainingMs: () => waitingMs(deadline) })
  } catch (error) {
    const { code } = asBridgeError(error)
    if (code === 'DEADLINE_EXCEEDED') throw vendorTimedOut()
    if (code !== 'UPSTREAM_TIMEOUT' || waitingMs(deadline) === 0) throw error
    return joinOrStart(flights, { key, start }, deadline)
  }
}
