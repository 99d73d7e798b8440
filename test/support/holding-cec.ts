/** CEC as it may be: it holds a poll, and hands a message to the poll that came first, whether or not somebody still listens. */

import type { Clock } from '../../tools/bench/simulate/clock.ts'

export interface HoldingCec {
  readonly clock: Clock
  /** How long a poll without news is held. */
  readonly holdMs: number
  /** Whether a message that meets a poll which was cut is kept for the next one. What CEC's documents do not say. */
  readonly keepsCut: boolean
}

interface Held {
  readonly until: number
  readonly answer: (messages: readonly string[]) => void
}

export const holdingCec = ({ clock, holdMs, keepsCut }: HoldingCec) => {
  let waiting: readonly string[] = []
  let held: readonly Held[] = []

  const say = (message: string): void => {
    const [poll, ...others] = held.filter(({ until }) => until > clock.elapsed())
    held = others
    if (poll === undefined) waiting = [...waiting, message]
    else poll.answer([message])
  }

  /** What there is, or nothing after the time that CEC holds a poll, or after `cutMs`. */
  const poll = async (cutMs: number): Promise<readonly string[]> => {
    if (waiting.length > 0) {
      const messages = waiting
      waiting = []
      return messages
    }
    const { promise, resolve } = Promise.withResolvers<readonly string[]>()
    const own: Held = { until: clock.elapsed() + holdMs, answer: resolve }
    held = [...held, own]
    const ends = (ms: number): Promise<readonly string[]> => clock.pause(ms).then(() => [])
    const messages = await Promise.race([promise, ends(holdMs), ends(cutMs)])
    if (keepsCut) held = held.filter((other) => other !== own)
    return messages
  }
  return { say, poll }
}
