/** A server in a vendor's place that answers what a test says, and shows what it heard. */

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Heard {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface StandInAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
  /** In place of `body`. */
  readonly bytes?: Buffer
  readonly afterMs?: number
  /** The headers come, and the body never ends. */
  readonly hangs?: boolean
}

export interface StandIn {
  readonly url: string
  readonly heard: readonly Heard[]
}

/** `answerTo` is told which request it is, from 1 on. Ends with the test that starts it. */
export const startStandIn = async (answerTo: (nth: number) => StandInAnswer): Promise<StandIn> => {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const answer = answerTo(heard.push({ headers: request.headers, body }))
      const end = () => {
        response.writeHead(answer.status ?? 200, answer.headers)
        if (answer.hangs) response.write('{')
        else response.end(answer.bytes ?? answer.body ?? '{}')
      }
      setTimeout(end, answer.afterMs ?? 0)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}
