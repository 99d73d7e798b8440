/** The calls of a stage as its playground shows them, for whoever follows them. */

import { shortenedBody, shortenedHeaders, shortenedPath } from './shortened.ts'

export type Party = 'page' | 'back end' | 'stage' | 'CEC' | 'OIAP' | 'Alibaba Live'

interface Message {
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** A call as it was. `startedAt` is in milliseconds since 1970. */
export interface Call {
  readonly from: Party
  readonly to: Party
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly request: Message
  readonly status: number
  readonly answer: Message
  readonly startedAt: number
  readonly ms: number
}

/** The same without any token or secret. */
export interface SeenCall extends Call {
  readonly number: number
}

export interface CallLog {
  add(call: Call): void
  /** Calls back with every call that is still known, and with each further one until the returned function is called. */
  follow(listener: (call: SeenCall) => void): () => void
}

/** A chat that waits makes two a few seconds. */
const MOST_CALLS = 500

export const createCallLog = (): CallLog => {
  const calls: SeenCall[] = []
  const listeners = new Set<(call: SeenCall) => void>()
  let number = 0
  return {
    add: (call) => {
      number += 1
      const seen = { ...call, ...shortened(call), number }
      calls.push(seen)
      if (calls.length > MOST_CALLS) calls.shift()
      for (const listener of listeners) listener(seen)
    },
    follow: (listener) => {
      calls.forEach(listener)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const shortened = ({ method, url, request, answer }: Call) => ({
  method: method.toUpperCase(),
  url: shortenedPath(url),
  request: { headers: shortenedHeaders(request.headers), body: shortenedBody(request.body) },
  answer: { headers: shortenedHeaders(answer.headers), body: shortenedBody(answer.body) },
})
