/** What the one tab does that holds the chat: it polls, and sends for all tabs, one message after the other. */

import type { ChatCalls, ChatMessage } from './chat-calls.ts'
import type { Environment } from './environment.ts'
import { plain } from './errors.ts'
import type { Line } from './notes.ts'
import { type PollLoop, pollLoop } from './poll-loop.ts'

export interface LeaderOf extends Pick<PollLoop, 'isSeen' | 'wake' | 'signal'> {
  readonly calls: ChatCalls
  readonly line: Line
}

export interface Leader {
  /** Begins the chat unless another tab has. Throws what applyToken or the first message was refused with. */
  begin(): Promise<void>
  /** Ends by throwing, as `pollLoop` does. */
  run(): Promise<never>
  /** Tells the other tabs of the chat, once it has begun. */
  tellChat(): void
  send(id: string, message: string | ChatMessage): void
  withdraw(id: string): void
}

export const createLeader = (environment: Environment, { calls, line, ...loop }: LeaderOf): Leader => {
  const { clock } = environment
  const { signal } = loop
  /** What is wanted of this tab: a message that is handed over twice is sent once, one that is withdrawn not at all. */
  const wanted = new Set<string>()
  let queue: Promise<unknown> = Promise.resolve()
  let hasBegun = false

  const tellChat = (isNew = false): void => {
    const { token = '', since = 0 } = calls.chatToken() ?? {}
    if (hasBegun) line.tell({ kind: 'chat', token, ageMs: clock.now() - since, isNew })
  }

  const deliver = async (id: string, message: string | ChatMessage): Promise<void> => {
    if (!wanted.has(id) || signal.aborted) return
    line.tell({ kind: 'taken', id })
    const failure = await calls.send(message, signal).then(() => undefined, plain)
    line.tell({ kind: 'sent', id, message, failure })
  }

  return {
    begin: async () => {
      if (calls.chatToken() === undefined) {
        await calls.applyToken(signal)
        await calls.send({ controlType: 'CONNECT' }, signal)
      }
      hasBegun = true
      tellChat(true)
    },
    run: () =>
      pollLoop(environment, {
        ...loop,
        calls,
        // after what is being sent: no answer stands before its question
        onMessages: (messages) => {
          queue = queue.then(() => line.tell({ kind: 'messages', messages }))
        },
      }),
    tellChat: () => tellChat(),
    send: (id, message) => {
      if (wanted.has(id)) return
      wanted.add(id)
      queue = queue.then(() => deliver(id, message))
    },
    withdraw: (id) => void wanted.delete(id),
  }
}
