/** Items that are remembered for a moment, each by its own key: what thousands of tokens share is not read for each of them. */

import { boundedMap } from '../concurrency/bounded-map.ts'
import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { RECENT_MS } from '../concurrency/recent.ts'
import { type Clock, cacheTime } from '../concurrency/sandbox-time.ts'
import { singleFlight } from '../concurrency/single-flight.ts'
import { BridgeError } from '../errors.ts'
import type { DirectoryItems, Item } from './dynamodb-items.ts'

/** A question names four items at most: as many as 1,000 questions name. */
const MOST_ITEMS = 4_000

/** An item, or that there is none. */
interface Remembered {
  readonly item: Item | undefined
  /** By the sandbox's time, before the read. */
  readonly readAt: number
}

/**
 * Remembers items and their absence for 500 ms from before they were read. What several ask for at the same time is read once,
 * by a read that is not older than that either. Remembers no failure.
 */
export const rememberedItems = (items: DirectoryItems, now: Clock): DirectoryItems => {
  const time = cacheTime(now)
  const recent = boundedMap<string, Remembered>(MOST_ITEMS)
  const flights = singleFlight<Remembered>({ now, joinableMs: RECENT_MS })

  const recalled = (key: string, at: number): Remembered | undefined => {
    const known = recent.get(key)
    return known !== undefined && at - known.readAt < RECENT_MS ? known : undefined
  }

  const readOnce = async (keys: readonly string[], deadline: Deadline) => {
    const readAt = time()
    const known = new Map(keys.map((key) => [key, recalled(key, readAt)]))
    const unknown = keys.filter((key) => known.get(key) === undefined)
    // Looked at once: a run that may no longer be joined a moment later would leave a key that no read has asked for.
    const joined = new Map(unknown.map((key) => [key, flights.underWay(key)]))
    const own = unknown.filter((key) => joined.get(key) === undefined)
    const answers = own.length > 0 ? items.read(own, deadline) : Promise.resolve(NONE)
    const bring = (key: string) => async (): Promise<Remembered> => {
      const remembered = { item: (await answers).get(key), readAt }
      recent.set(key, remembered)
      return remembered
    }
    if (unknown.length > 0) {
      const brought = unknown.map(async (key) =>
        known.set(key, await (joined.get(key) ?? flights.run(key, bring(key)))),
      )
      // Its own read ends at this deadline by itself.
      await (own.length === unknown.length
        ? Promise.all(brought)
        : withinDeadline(Promise.all(brought), deadline))
    }
    return new Map([...known].flatMap(([key, { item } = NOTHING]) => (item ? [[key, item] as const] : [])))
  }

  return {
    read: async (keys, deadline) => {
      try {
        return await readOnce(keys, deadline)
      } catch (error) {
        // A read that was joined ends at the deadline of who began it.
        const isLate = error instanceof BridgeError && error.code === 'DEADLINE_EXCEEDED'
        if (!isLate || deadline.remainingMs() === 0) throw error
        return readOnce(keys, deadline)
      }
    },
  }
}

const NONE: ReadonlyMap<string, Item> = new Map()
const NOTHING = { item: undefined }
