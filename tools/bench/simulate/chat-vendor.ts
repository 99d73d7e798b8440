/** CEC's side of a chat: messages that come of themselves, and polls that it answers. */

import type { Clock } from './clock.ts'

/** Where there is something new already. */
const ANSWER_MS = 100

export interface ChatVendorOf {
  readonly clock: Clock
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** Until a poll that finds nothing is answered. */
  readonly vendorMs: number
  /** Whether a poll that finds nothing is answered earlier when something comes. Else it is answered at its time alone. */
  readonly isHeld: boolean
  /** Between two messages of a chat, on average. */
  readonly messageEveryMs: number
}

/**
 * A poll that is cut takes no message along. Whether CEC keeps them so is not known: its documents do not say what becomes of a
 * message that meets a connection which has just been closed.
 */
export const chatVendor = ({ clock, random, vendorMs, isHeld, messageEveryMs }: ChatVendorOf) => {
  const fetched: { readonly at: number; readonly delayMs: number }[] = []
  const gap = (): number => messageEveryMs * (0.5 + random())

  const newChat = () => {
    /** The oldest that has not been fetched. */
    let nextAt = clock.elapsed() + gap()

    const answerAfterMs = (): number => {
      const newsAfterMs = nextAt - clock.elapsed()
      if (newsAfterMs <= 0) return ANSWER_MS
      return isHeld ? Math.min(vendorMs, newsAfterMs + ANSWER_MS) : vendorMs
    }

    /** Ends after `cutMs` at the latest. */
    const poll = async (cutMs: number): Promise<void> => {
      const answerMs = answerAfterMs()
      await clock.pause(Math.min(answerMs, cutMs))
      if (answerMs > cutMs) return
      for (; nextAt <= clock.elapsed(); nextAt += gap())
        fetched.push({ at: nextAt, delayMs: clock.elapsed() - nextAt })
    }
    return { poll }
  }
  return {
    newChat,
    /** Of messages that came after that moment, until they were fetched. */
    delaysFrom: (fromMs: number): readonly number[] =>
      fetched.flatMap(({ at, delayMs }) => (at >= fromMs ? [delayMs] : [])),
  }
}
