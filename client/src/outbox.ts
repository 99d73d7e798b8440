/** The messages of this tab that the leading tab has not answered for yet. */

import type { ChatMessage } from './chat-calls.ts'
import { ClientError, type Failure } from './errors.ts'
import type { Line } from './notes.ts'

interface Pending {
  readonly message: string | ChatMessage
  isTaken: boolean
  settle(failure?: Failure | undefined): void
}

export interface Outbox {
  /** Resolves when CEC has taken the message. When the signal aborts, it is withdrawn unless it is on its way. */
  send(message: string | ChatMessage, signal?: AbortSignal): Promise<void>
  taken(id: string): void
  settle(id: string, failure?: Failure): void
  /** A new leader: what the old one had not begun is handed over; of what it had begun nobody knows the end. */
  handOver(): void
  /** Rejects all. */
  close(failure: Failure): void
}

const UNCERTAIN: Failure = {
  code: 'SEND_UNCERTAIN',
  message: 'the sending tab has gone',
}

export const createOutbox = (line: Line, tab: string): Outbox => {
  const pending = new Map<string, Pending>()
  let count = 0
  const settle = (id: string, failure?: Failure): void => {
    pending.get(id)?.settle(failure)
    pending.delete(id)
  }
  return {
    settle,
    send: (message, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        count += 1
        const id = `${tab}:${count}`
        const give = (): void => {
          reject(signal?.reason)
          if (pending.get(id)?.isTaken === false) line.tell({ kind: 'withdraw', id })
          pending.delete(id)
        }
        signal?.addEventListener('abort', give)
        const end = (failure?: Failure): void => {
          signal?.removeEventListener('abort', give)
          if (failure) reject(new ClientError(failure))
          else resolve()
        }
        pending.set(id, { message, isTaken: false, settle: end })
        line.tell({ kind: 'send', id, message })
      }),
    taken: (id) => {
      const one = pending.get(id)
      if (one) one.isTaken = true
    },
    handOver: () => {
      for (const [id, { message, isTaken }] of pending) {
        if (isTaken) settle(id, UNCERTAIN)
        else line.tell({ kind: 'send', id, message })
      }
    },
    close: (failure) => {
      for (const id of pending.keys()) settle(id, failure)
    },
  }
}
