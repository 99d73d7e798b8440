/** A tap on one address: passes calls on, and shows a test what comes back. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Tap {
  /** Stands in for the address that is tapped. */
  readonly url: string
  /** How many good answers have come by. */
  answers(): number
  close(): Promise<void>
}

/** Passes POSTs on to `target`; each answer with status 200 is shown to `see` before it goes its way. */
export const startTap = async (target: string, see: (answer: string) => void): Promise<Tap> => {
  let answers = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = Object.fromEntries(
      ['content-type', 'x-token-expire'].map((name) => [name, String(request.headers[name] ?? '')]),
    )
    const answer = await fetch(target, { method: 'POST', headers, body: Buffer.concat(chunks) })
    const text = await answer.text()
    if (answer.status === 200) {
      answers += 1
      see(text)
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answers: () => answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
