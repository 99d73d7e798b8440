/** A rate as AWS limits it: a bucket that fills steadily, and refuses what is not in it. */

import type { Clock } from '../clock.ts'

export interface Rate {
  readonly perSecond: number
  /** What the bucket holds at most. Default the rate of one second. */
  readonly burst?: number
}

/** Full at the start. `take` takes all of an amount or nothing, and says whether it was there. */
export const bucket = (clock: Pick<Clock, 'elapsed'>, { perSecond, burst = perSecond }: Rate) => {
  let level = burst
  let filledAt = clock.elapsed()

  const fill = (): void => {
    const at = clock.elapsed()
    level = Math.min(burst, level + ((at - filledAt) / 1_000) * perSecond)
    filledAt = at
  }

  return {
    has: (amount = 1): boolean => {
      fill()
      return level >= amount
    },
    take: (amount = 1): boolean => {
      fill()
      if (level < amount) return false
      level -= amount
      return true
    },
  }
}

export type Bucket = ReturnType<typeof bucket>
