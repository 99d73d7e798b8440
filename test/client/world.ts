/** What the client meets: an API that answers what a test says, a clock that jumps, and tabs that share locks and channels. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Environment } from '../../client/src/environment.ts'

export interface Asked {
  /** Method and path, such as `POST /apiaccess/ccmessaging/send`. */
  readonly line: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | object
}

export interface Api {
  readonly url: string
  readonly asked: readonly Asked[]
  /** The last words of the lines: `send`, `poll`, `applyToken`, `token`. */
  calls(): readonly string[]
}

/** Ends with the test that starts it. */
export const startApi = async (
  answer: (asked: Asked, nth: number) => Reply | Promise<Reply>,
): Promise<Api> => {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { line: `${request.method} ${request.url}`, headers: request.headers, body }
    const reply = await answer(one, asked.push(one))
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {})
    response.writeHead(reply.status ?? 200, reply.headers).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked, calls: () => asked.map(({ line }) => /(\w+)(\?|$)/.exec(line)?.[1] ?? '') }
}

export interface World {
  readonly environment: Environment
  /** Milliseconds of every pause, in order. A pause moves the clock and takes no time. */
  readonly pauses: number[]
  pass(ms: number): void
  show(isVisible: boolean): void
}

/** One tab; `tabs` are what it shares with others, none by default. */
export const newWorld = (tabs?: SharedTabs, change: Partial<Environment> = {}): World => {
  let now = 1000
  let isVisible = true
  let changed = (): void => {}
  const pauses: number[] = []
  const environment: Environment = {
    fetch,
    clock: {
      now: () => now,
      pause: async (ms, signal) => {
        signal.throwIfAborted()
        pauses.push(ms)
        now += Math.max(0, ms)
        await turn()
        signal.throwIfAborted()
      },
      limit: () => new AbortController().signal,
    },
    random: Math.random,
    wallClock: () => 86_400_000,
    isVisible: () => isVisible,
    onChange: (listener) => {
      changed = listener
    },
    lock: tabs?.lock ?? ((_name, _signal, run) => run()),
    channel: tabs?.channel ?? (() => undefined),
    ...change,
  }
  return {
    environment,
    pauses,
    pass: (ms) => {
      now += ms
    },
    show: (visible) => {
      isVisible = visible
      changed()
    },
  }
}

export type SharedTabs = Pick<Environment, 'lock' | 'channel'>

/** The Web Locks and the BroadcastChannels of one origin. */
export const sharedTabs = (): SharedTabs => {
  const lines = new Map<string, Promise<void>>()
  const channels = new Set<{ readonly name: string; heard(note: unknown): void }>()
  return {
    lock: async (name, signal, run) => {
      const before = lines.get(name) ?? Promise.resolve()
      const mine = before.then(() => {
        signal.throwIfAborted()
        return run()
      })
      lines.set(
        name,
        mine.catch(() => {}),
      )
      return mine
    },
    channel: (name, heard) => {
      const own = { name, heard }
      channels.add(own)
      return {
        post: (note) => {
          const copy = structuredClone(note)
          for (const other of channels) {
            if (other === own || other.name !== name) continue
            queueMicrotask(() => channels.has(other) && other.heard(copy))
          }
        },
        close: () => void channels.delete(own),
      }
    },
  }
}

/** What a promise was rejected with; undefined when it was not. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

export const NEVER = new AbortController().signal
