/** Many jobs, a few at a time, within a deadline. */

import type { Deadline } from './deadline.ts'

export interface PoolLimits {
  readonly concurrency: number
  /** A job is begun only while more than this is left: the longest that one takes. */
  readonly reserveMs: number
  readonly deadline: Deadline
}

/** Runs jobs in their order; returns how many were left when the time was used up. A job that throws ends the run. */
export const runJobs = async <Job>(
  jobs: readonly Job[],
  run: (job: Job) => Promise<void>,
  { concurrency, reserveMs, deadline }: PoolLimits,
): Promise<number> => {
  let next = 0
  let hasFailed = false
  const work = async (): Promise<void> => {
    while (!hasFailed && next < jobs.length && deadline.remainingMs() > reserveMs) {
      const job = jobs[next++] as Job
      await run(job)
    }
  }
  const stopAll = (error: unknown): never => {
    hasFailed = true
    throw error
  }
  // All end before the first failure is thrown: no work outlives the run.
  const ends = await Promise.allSettled(
    Array.from({ length: Math.min(concurrency, jobs.length) }, () => work().catch(stopAll)),
  )
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return jobs.length - next
}
