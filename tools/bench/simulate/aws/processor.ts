/** The part of a processor that one sandbox has: what it computes, it computes one after the other. */

import type { Clock } from '../clock.ts'

/** `share` of a whole processor, 0 < share. `compute` takes milliseconds of a whole one. */
export const processor = (clock: Clock, share: number) => {
  let freeAt = 0
  return {
    compute: (wholeMs: number): Promise<void> => {
      const at = clock.elapsed()
      freeAt = Math.max(at, freeAt) + wholeMs / share
      return clock.pause(freeAt - at)
    },
  }
}

export type Processor = ReturnType<typeof processor>
