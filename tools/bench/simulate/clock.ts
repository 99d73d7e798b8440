/** Virtual time: it moves from event to event, and only when nothing is left to do at its present moment. */

import type { Deadline } from '../../../lib/concurrency/deadline.ts'

export interface Clock {
  readonly now: () => Date
  /** Milliseconds since the start. */
  readonly elapsed: () => number
  readonly pause: (ms: number) => Promise<void>
  /** The timers that lib/concurrency/deadline.ts sets for it are real ones: they are cleared long before, or virtual time drags. */
  readonly deadline: (ms: number) => Deadline
  /**
   * For work that threads do outside of virtual time, such as encryption: it takes none. What it brings is handed out
   * when all such work is done, in the order in which it was begun, so that no run differs from another.
   */
  readonly held: <T>(work: Promise<T>) => Promise<T>
  /** Starts work that nobody waits for. The first failure of any ends `run`. */
  readonly start: (work: () => Promise<void>) => void
  /** Lets time pass until `ms` after the start. What is due later stays as it is. */
  readonly run: (ms: number) => Promise<void>
}

interface Event {
  readonly at: number
  /** Of two events of one moment, the one that was made first comes first. */
  readonly order: number
  readonly fire: () => void
}

const START = Date.UTC(2026, 0, 1)

export const virtualClock = (): Clock => {
  const events = eventQueue()
  let elapsed = 0
  let made = 0
  let held: { readonly work: Promise<unknown>; readonly release: () => void }[] = []
  let failure: { readonly error: unknown } | undefined

  /** Promises settle before the next round of the event loop; threads take longer and are waited for. */
  const settled = async (): Promise<void> => {
    await nextRound()
    while (held.length > 0) {
      const batch = held
      held = []
      await Promise.allSettled(batch.map(({ work }) => work))
      for (const { release } of batch) release()
      await nextRound()
    }
    if (failure !== undefined) throw failure.error
  }

  return {
    now: () => new Date(START + elapsed),
    elapsed: () => elapsed,
    pause: (ms) =>
      new Promise((resolve) => {
        events.add({ at: elapsed + Math.max(0, ms), order: made++, fire: resolve })
      }),
    deadline: (ms) => {
      const until = elapsed + ms
      return { remainingMs: () => Math.max(0, until - elapsed) }
    },
    held: (work) => {
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      // A failure is told when it is handed out, and not before.
      work.catch(() => undefined)
      held.push({ work, release })
      return released.then(() => work)
    },
    start: (work) => {
      work().catch((error: unknown) => {
        failure ??= { error }
      })
    },
    run: async (ms) => {
      await settled()
      for (let next = events.first(); next !== undefined && next.at <= ms; next = events.first()) {
        elapsed = next.at
        while (events.first()?.at === elapsed) events.take().fire()
        await settled()
      }
      elapsed = ms
    },
  }
}

const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A binary heap, the next event first. */
const eventQueue = () => {
  const heap: Event[] = []
  const at = (index: number): Event => heap[index] as Event
  const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

  return {
    first: (): Event | undefined => heap[0],
    add: (event: Event): void => {
      let index = heap.push(event) - 1
      for (
        let parent = (index - 1) >> 1;
        index > 0 && isBefore(event, at(parent));
        parent = (index - 1) >> 1
      ) {
        heap[index] = at(parent)
        index = parent
      }
      heap[index] = event
    },
    take: (): Event => {
      const first = at(0)
      const last = heap.pop() as Event
      if (heap.length === 0) return first
      let index = 0
      for (;;) {
        let child = 2 * index + 1
        if (child >= heap.length) break
        if (child + 1 < heap.length && isBefore(at(child + 1), at(child))) child += 1
        if (!isBefore(at(child), last)) break
        heap[index] = at(child)
        index = child
      }
      heap[index] = last
      return first
    },
  }
}
