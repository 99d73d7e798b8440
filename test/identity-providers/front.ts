/** A server on loopback in front of a provider: it passes requests on, late where a test says so. */

import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHttpServer } from '../../tools/local/http-server.ts'

export interface Front {
  /** Without a slash at its end. The provider sees this address as its own, so it is in its tokens' `iss`. */
  readonly url: string
  /** How long each request waits from now on, in milliseconds. */
  delayMs: number
  /** Whether the provider sees its own address instead, as behind a reverse proxy that does not say what it was asked for. */
  isHidden: boolean
  /** Path of every request since the last look. */
  readonly requests: string[]
  readonly close: () => Promise<void>
}

/** `port` 0 lets the system choose. */
export const startFront = async (provider: string, port = 0): Promise<Front> => {
  const server = await startHttpServer({
    port,
    handle: async ({ method, url, headers, body }, response) => {
      front.requests.push(url)
      await sleep(front.delayMs)
      const host = front.isHidden ? new URL(provider).host : headers.host
      const passed = request(provider + url, { method, headers: { ...headers, host } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      passed.on('error', () => response.destroy())
      passed.end(body)
    },
  })
  const front: Front = {
    url: server.url,
    delayMs: 0,
    isHidden: false,
    requests: [],
    close: () => server.close(),
  }
  return front
}
