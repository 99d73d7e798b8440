/** Time within one sandbox, for the ages of what it remembers: it only goes forward, whatever becomes of the clock. */

/** Longer than anything in a sandbox's memory is good for. */
const ANY_LIFE_MS = 30 * 24 * 3_600_000
/** Clocks that differ by more between two readings do not go at one pace: one was set, or has stood still. */
const ONE_PACE_MS = 1_000

/** The clock of a process. It can be set back; `monotonicMs` cannot, where a clock has it. */
export interface Clock {
  (): Date
  readonly monotonicMs?: () => number
}

export const processClock: Clock = Object.assign(() => new Date(), {
  monotonicMs: () => performance.now(),
})

/** Milliseconds that never become fewer. They begin at the clock's own and mean no date: compare them with each other alone. */
export type SandboxTime = () => number

/**
 * Goes with the faster of the clock's two readings: its date can be set back, and what is monotonic may stand still
 * while a sandbox is frozen. `setBackMs` is what is added when the clock is seen to be set back.
 */
const forwardTime = (now: Clock, setBackMs: number): SandboxTime => {
  const read = () => ({ wall: now().getTime(), monotonic: now.monotonicMs?.() ?? 0 })
  let base = read()
  let atBase = base.wall
  let latest = { ...base, time: atBase }
  return () => {
    const clocks = read()
    const byWall = clocks.wall - base.wall
    const byMonotonic = clocks.monotonic - base.monotonic
    const isSetBack = clocks.wall < latest.wall
    const time = Math.max(latest.time, atBase + Math.max(byWall, byMonotonic)) + (isSetBack ? setBackMs : 0)
    if (isSetBack || Math.abs(byWall - byMonotonic) > ONE_PACE_MS) {
      base = clocks
      atBase = time
    }
    latest = { ...clocks, time }
    return time
  }
}

/** For waiting: goes on when the clock is set back. */
export const waitingTime = (now: Clock): SandboxTime => forwardTime(now, 0)

/** For caches: once the clock is seen to be set back, whatever was remembered before that is too old to be used. */
export const cacheTime = (now: Clock): SandboxTime => forwardTime(now, ANY_LIFE_MS)
