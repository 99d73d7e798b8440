/** How many polls a stage has, and how long they last: what all sandboxes of the relay count together. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { cacheTime } from '../../concurrency/sandbox-time.ts'
import { asBridgeError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { lengthPrefixed } from '../../schemas/length-prefixed.ts'
import type { Item, Table } from '../../table/table.ts'
import type { PollLoad } from './poll-length.ts'

/** Of the clock: what ends in one window is known in the next. */
const WINDOW_MS = 10_000
/** A sandbox that was frozen for longer knows nothing of the present. */
const REMEMBERED_MS = 3 * WINDOW_MS
const KEPT_SECONDS = 600
/** The HTTP API ends every request. What seems longer is a clock that was set. */
const LONGEST_HELD_MS = 30_000

export interface PollLoadDeps {
  readonly table: Table
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly log: Log
}

export interface PollLoads {
  /** Of the last window that this sandbox has read. Undefined before that, and when it is too long ago. */
  readonly latest: () => PollLoad | undefined
  /** A poll has ended: after so long, or, where CEC was not asked, without a time. */
  readonly ended: (heldMs?: number) => void
  /**
   * Tells the table of the polls since the last time, and reads of all sandboxes' in the last window: one write and one read
   * in about ten seconds at most, else nothing. Never throws: no message may be lost by counting. A failure is logged, and
   * then nothing is known of others.
   */
  readonly exchange: (deadline: Deadline) => Promise<void>
}

/** One for each sandbox. */
export const pollLoads = ({ table, now, random, log }: PollLoadDeps): PollLoads => {
  const time = cacheTime(now)
  let own = NONE
  let known: { readonly load: PollLoad; readonly at: number } | undefined
  let dueAt = Number.NEGATIVE_INFINITY

  const latest = (): PollLoad | undefined =>
    known !== undefined && time() - known.at <= REMEMBERED_MS ? known.load : undefined

  const exchange = async (deadline: Deadline): Promise<void> => {
    const at = now().getTime()
    const window = Math.floor(at / WINDOW_MS)
    const told = own
    own = NONE
    const sweepAt = Math.ceil(at / 1_000) + KEPT_SECONDS
    const [item] = await Promise.all([
      table.get(keyOf(window - 1), deadline),
      told.polls > 0 && table.add(keyOf(window), { add: told, sweepAt }, deadline),
    ])
    known = { load: between(latest(), loadOf(item)), at: time() }
  }

  return {
    latest,

    ended: (heldMs) => {
      const { polls, asked } = own
      own =
        heldMs === undefined
          ? { ...own, polls: polls + 1 }
          : {
              polls: polls + 1,
              asked: asked + 1,
              heldMs: own.heldMs + Math.round(Math.min(heldMs, LONGEST_HELD_MS)),
            }
    },

    exchange: async (deadline) => {
      if (time() < dueAt) return
      // Sandboxes that started together do not write together for ever.
      dueAt = time() + WINDOW_MS * (0.75 + random() / 2)
      try {
        await exchange(deadline)
      } catch (error) {
        known = undefined
        const { code, detail } = asBridgeError(error)
        log('WARN', { code: 'TOKEN_STORE_UNAVAILABLE', system: SYSTEM, reason: detail.reason ?? code })
      }
    },
  }
}

const SYSTEM = 'cec'
const NONE = { polls: 0, asked: 0, heldMs: 0 }

/** Begins like all items of CEC's: the relay may touch no others. */
const keyOf = (window: number): string => lengthPrefixed(SYSTEM, 'polls', String(window))

const loadOf = (item: Item | undefined): PollLoad => {
  const sum = (name: keyof typeof NONE): number => Number(item?.[name] ?? 0)
  const asked = Math.max(1, sum('asked'))
  return {
    perSecond: (sum('polls') * 1_000) / WINDOW_MS,
    heldSeconds: sum('heldMs') / asked / 1_000,
    busy: sum('heldMs') / WINDOW_MS,
  }
}

/** A crowd is believed at once, and its end by halves: pages that were told to come later are still there. */
const between = (before: PollLoad | undefined, now: PollLoad): PollLoad => {
  const believed = (of: keyof PollLoad): number => Math.max(now[of], ((before?.[of] ?? 0) + now[of]) / 2)
  return { perSecond: believed('perSecond'), heldSeconds: believed('heldSeconds'), busy: believed('busy') }
}
