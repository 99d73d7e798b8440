/** CEC's `send` and `poll`: the messages of a chat. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { NO_ANSWER, type Reply } from '../../outbound/outbound.ts'
import { jsonObject } from '../../outbound/replies.ts'
import { type Chat, callInChat } from './chat-call.ts'
import type { CecContext } from './context.ts'
import { cecRefusal } from './refusals.ts'

const MAX_BYTES = 256 * 1024

/** What CEC answers to a poll that found nothing: a cut poll answers the same. */
const NOTHING_NEW = { resultCode: '0', resultDesc: '', downlinkMessages: [] } as const

export interface Poll {
  readonly receiverId: string
  readonly channel: string
  /** How long it may hang. */
  readonly seconds: number
}

/**
 * Sends a message, or polls for the other side's. Both texts pass as they were written, answers within 256 KiB; only a
 * 200 with a JSON object does. Throws what `callInChat` throws. A message is never sent twice, except after a refusal of the
 * AccessToken.
 */
export const chatRelay = (context: CecContext) => {
  const call = callInChat(context)
  return {
    send: (chat: Chat, body: string, deadline: Deadline): Promise<string> =>
      call(
        chat,
        { path: '/send', method: 'POST', body, isRepeatable: false, maxBytes: MAX_BYTES, failureIn },
        deadline,
      ),

    poll: async (chat: Chat, { receiverId, channel, seconds }: Poll, deadline: Deadline): Promise<string> => {
      const path = `/poll?${new URLSearchParams({ receiverId, channel })}`
      const limits = { maxBytes: MAX_BYTES, atMostMs: seconds * 1000 }
      try {
        return await call(
          chat,
          { path, method: 'GET', isRepeatable: true, ...limits, failureIn, onError: cutPoll },
          deadline,
        )
      } catch (error) {
        if (error instanceof PollCut) return JSON.stringify(NOTHING_NEW)
        throw error
      }
    },
  }
}

const failureIn = (reply: Reply): BridgeError | undefined =>
  reply.status === 200 && jsonObject(reply) !== undefined ? undefined : cecRefusal('chat', reply)

class PollCut extends Error {}

/** A poll that was heard and hangs for as long as it may is no failure; everything else that takes too long is. */
const cutPoll = (error: unknown): never => {
  const isQuiet =
    error instanceof BridgeError && error.code === 'UPSTREAM_TIMEOUT' && error.detail.reason === NO_ANSWER
  throw isQuiet ? new PollCut() : error
}
