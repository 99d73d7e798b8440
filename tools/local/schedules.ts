/** The jobs of `schedule` events that the offline server has started. */

import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

/** A run of the schedule takes a fraction of a second here. */
const PATIENCE_MS = 5_000

/**
 * Starts no further run, and waits for one that is under way, for 5 s at most: ending the worker in the middle of one
 * can bring the whole process down. The jobs hang on the instance of node-schedule that the offline plugin has loaded.
 */
export const endSchedules = async (): Promise<void> => {
  const offline = createRequire(import.meta.url).resolve('serverless-offline')
  const { gracefulShutdown } = createRequire(offline)('node-schedule') as {
    gracefulShutdown(): Promise<void>
  }
  const isOver = new AbortController()
  const tooLong = sleep(PATIENCE_MS, undefined, { signal: isOver.signal }).catch(() => undefined)
  await Promise.race([gracefulShutdown(), tooLong])
  isOver.abort()
}
