/** One chat of one user, in as many tabs as the user has open: one of them leads, and the next one when it goes. */

import { accessTokens, type TokenSource } from './access-token.ts'
import {
  type ChatMessage,
  type ChatOf,
  type ChatToken,
  chatCalls,
  type DownlinkMessage,
} from './chat-calls.ts'
import { type Environment, whileWanted } from './environment.ts'
import { ClientError, type Failure, plain } from './errors.ts'
import { createLeader, type Leader } from './leader.ts'
import { type Note, openLine } from './notes.ts'
import { createOutbox } from './outbox.ts'

export interface ChatOptions extends ChatOf {
  readonly tokenSource: TokenSource
  /** Called in every tab, with each message to the user. */
  readonly onMessage: (message: DownlinkMessage) => void
  /** Called in every tab, with each message that a tab has sent. */
  readonly onSent?: (message: string | ChatMessage) => void
  /** Called once in every tab: without an error after `end()`, else with what ended the chat. Open another one to go on. */
  readonly onEnd?: (error?: ClientError) => void
  /** This tab leaves when it aborts. */
  readonly signal?: AbortSignal
}

export interface Chat {
  /**
   * Sends a text, or a message of CEC's members (`{ controlType: 'INPUT' }`), after those before it. Resolves when CEC has it.
   * Rejects with a `ClientError`: SEND_UNCERTAIN and NETWORK leave open whether it has arrived.
   */
  send(message: string | ChatMessage, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** This tab leaves. The chat goes on in the others; CEC ends it by its own time limit when there are none. */
  leave(): void
  /** Ends the chat for every tab (DISCONNECT). */
  end(options?: { readonly signal?: AbortSignal }): Promise<void>
}

const ENDED: Failure = { code: 'CHAT_ENDED', message: 'the chat has ended or was left' }

/** What the page does with a message, its errors too, is nothing that the chat waits for or ends by. */
const callBack = queueMicrotask

/** Resolves when the chat has begun, or when the tab that leads has told of it. Rejects with what it was refused with. */
export const openChat = async (environment: Environment, options: ChatOptions): Promise<Chat> => {
  const { clock } = environment
  const { api, channelId, userId, tokenSource, onMessage, onSent, onEnd } = options
  const name = `cec-chat 1 ${JSON.stringify([String(api), channelId, userId])}`
  const tab = String(environment.random())
  const left = new AbortController()
  const signal = options.signal ? AbortSignal.any([left.signal, options.signal]) : left.signal
  signal.throwIfAborted()

  let known: ChatToken | undefined
  let leader: Leader | undefined
  let waker = new AbortController()
  const views = new Set<string>()
  const wake = (): void => {
    waker.abort()
    waker = new AbortController()
  }

  let hasBegun = (): void => {}
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve
  })

  const heard = (note: Note): void => HEARD[note.kind]?.(note as never)
  const line = openLine(environment, name, { heard, signal })
  const outbox = createOutbox(line, tab)
  const showView = (): void => line.tell({ kind: 'view', tab, isVisible: environment.isVisible() })

  const HEARD: { readonly [Kind in Note['kind']]: (note: Extract<Note, { kind: Kind }>) => void } = {
    hello: () => {
      leader?.tellChat()
      showView()
    },
    chat: ({ token, ageMs, isNew }) => {
      known = { token, since: clock.now() - ageMs }
      hasBegun()
      if (isNew) outbox.handOver()
    },
    messages: ({ messages }) => {
      for (const message of messages) callBack(() => onMessage(message))
    },
    send: ({ id, message }) => leader?.send(id, message),
    withdraw: ({ id }) => leader?.withdraw(id),
    taken: ({ id }) => outbox.taken(id),
    sent: ({ id, message, failure }) => {
      outbox.settle(id, failure)
      if (!failure) callBack(() => onSent?.(message))
    },
    view: ({ tab, isVisible }) => {
      if (isVisible) views.add(tab)
      else views.delete(tab)
      wake()
    },
    end: ({ failure }) => {
      if (!known) return // the end of a chat before this one
      known = undefined
      leave()
      callBack(() => onEnd?.(failure && new ClientError(failure)))
    },
  }

  const leave = (): void => left.abort(new ClientError(ENDED))
  signal.addEventListener('abort', () => outbox.close(ENDED))

  const lead = async (): Promise<void> => {
    const tokens = accessTokens(environment, tokenSource)
    const calls = chatCalls(environment, {
      ...options,
      tokens,
      known,
      onToken: () => leader?.tellChat(),
    })
    leader = createLeader(environment, {
      calls,
      line,
      signal,
      isSeen: () => views.size > 0,
      wake: () => waker.signal,
    })
    await leader.begin()
    // whoever has left tells nothing any more
    await leader.run().catch((error: unknown) => line.tell({ kind: 'end', failure: plain(error) }))
  }

  environment.onChange(showView, signal)
  line.tell({ kind: 'hello' })
  try {
    // The lock lasts for as long as this tab leads, which is after the chat has begun.
    await whileWanted(Promise.race([begun, environment.lock(name, signal, lead)]), signal)
  } catch (error) {
    leave()
    throw error
  }
  const send: Chat['send'] = async (message, { signal: wanted } = {}) => {
    signal.throwIfAborted()
    await outbox.send(message, wanted)
  }
  return {
    send,
    leave,
    end: async (wanted) => {
      await send({ controlType: 'DISCONNECT' }, wanted)
      line.tell({ kind: 'end' })
    },
  }
}
