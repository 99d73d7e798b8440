/** Calls at a rate that grows evenly to its full height and stays there. */

import type { Clock } from './clock.ts'

export interface Load {
  readonly perSecond: number
  readonly rampSeconds: number
  /** From the start of the simulation on. */
  readonly endsAt: number
}

/** Begins calls at even moments, whether or not others have ended. */
export const callsAt = async (clock: Clock, load: Load, call: () => Promise<unknown>): Promise<void> => {
  const { perSecond, rampSeconds, endsAt } = load
  const fullAt = clock.elapsed() + rampSeconds * 1_000
  const isFull = (): boolean => clock.elapsed() >= fullAt
  const share = (): number => 1 - (fullAt - clock.elapsed()) / (rampSeconds * 1_000)
  while (clock.elapsed() < endsAt) {
    await clock.pause(1_000 / (perSecond * (isFull() ? 1 : Math.max(0.01, share()))))
    clock.start(async () => {
      await call()
    })
  }
}
