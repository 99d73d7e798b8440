/** Items of the callers table that are remembered for a moment: the requests of a busy caller must not each read one. */

import { within, withinDeadline } from '../concurrency/deadline.ts'
import { RECENT_MS } from '../concurrency/recent.ts'
import { cacheTime } from '../concurrency/sandbox-time.ts'
import { singleFlight } from '../concurrency/single-flight.ts'
import type { CallerItems } from './dynamodb.ts'
import type { CallerItem } from './items.ts'

const MOST_ITEMS = 1_000
/** Of all texts together: an item may have 400 KB, and a sandbox has 512 MB. */
const MOST_CHARACTERS = 8_000_000
/** The client ends a read before that. */
const LONGEST_READ_MS = 6_000

interface Known {
  readonly item: CallerItem | undefined
  /** By the sandbox's time, before the read. */
  readonly readAt: number
}

/**
 * Counts from before the read, remembers that there is no item too, and remembers no failure: while the table cannot be asked,
 * nothing older than half a second counts. Reads of one item at the same time share one. The same text is the same
 * object, so that what is derived of it can hang on it.
 */
export const rememberedCallers = (items: CallerItems, now: () => Date): CallerItems => {
  const time = cacheTime(now)
  const known = new Map<string, Known>()
  let characters = 0
  const reads = singleFlight<CallerItem | undefined>({ now, joinableMs: RECENT_MS })

  const forget = (pk: string): void => {
    characters -= sizeOf(known.get(pk))
    known.delete(pk)
  }

  /** What was read longest ago makes room. One item alone is never too large: it is bounded by DynamoDB. */
  const remember = (pk: string, found: Known): void => {
    forget(pk)
    known.set(pk, found)
    characters += sizeOf(found)
    for (const [oldest] of known) {
      if (known.size <= MOST_ITEMS && characters <= MOST_CHARACTERS) return
      forget(oldest)
    }
  }

  const load = async (pk: string): Promise<CallerItem | undefined> => {
    const readAt = time()
    const read = await items.read(pk, within({ remainingMs: () => LONGEST_READ_MS }, LONGEST_READ_MS))
    const before = known.get(pk)?.item
    const item = before !== undefined && before.text === read?.text ? before : read
    remember(pk, { item, readAt })
    return item
  }

  return {
    read: async (pk, deadline) => {
      const found = known.get(pk)
      if (found !== undefined && time() - found.readAt < RECENT_MS) return found.item
      return withinDeadline(
        reads.run(pk, () => load(pk)),
        deadline,
      )
    },
  }
}

const sizeOf = (known: Known | undefined): number => known?.item?.text.length ?? 0
