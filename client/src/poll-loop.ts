/** Polls for as long as the chat lasts. */

import type { ChatCalls, DownlinkMessage } from './chat-calls.ts'
import type { Environment } from './environment.ts'
import { type ClientError, isLasting } from './errors.ts'

export interface PollLoop {
  readonly calls: Pick<ChatCalls, 'poll'>
  onMessages(messages: readonly DownlinkMessage[]): void
  /** Whether anybody sees the chat, in any tab. */
  isSeen(): boolean
  /** Aborts when a pause is over before its time: somebody looks again, or the network is back. */
  wake(): AbortSignal
  readonly signal: AbortSignal
}

/** An API that answers at once is not asked more often than this. */
const SHORTEST_ROUND_MS = 1000
/** Each poll that hangs occupies one execution. CEC releases a session that is not polled at all. */
const UNSEEN_PAUSE_MS = 5000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000

/** A pause after the nth failure in a row (from 0): doubled, at most 30 s, its second half by chance. */
export const backOffMs = (failures: number, random: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + random / 2)

/** Ends by throwing: the signal's reason, or a failure that would come again. All others are waited out. */
export const pollLoop = async (environment: Environment, loop: PollLoop): Promise<never> => {
  const { clock, random } = environment
  const { calls, onMessages, isSeen, wake, signal } = loop
  const pause = (ms: number): Promise<void> =>
    clock.pause(ms, AbortSignal.any([signal, wake()])).catch(() => signal.throwIfAborted())

  for (let failures = 0; ; ) {
    const from = clock.now()
    try {
      const messages = await calls.poll(signal)
      failures = 0
      if (messages.length > 0) onMessages(messages)
      else await pause(isSeen() ? from + SHORTEST_ROUND_MS - clock.now() : UNSEEN_PAUSE_MS)
    } catch (error) {
      signal.throwIfAborted()
      if (isLasting(error)) throw error
      const askedMs = ((error as ClientError).retryAfterSeconds ?? 0) * 1000
      await clock.pause(askedMs, signal) // the API's word, which no wish to look shortens
      await pause(backOffMs(failures, random()) - askedMs)
      failures += 1
    }
  }
}
