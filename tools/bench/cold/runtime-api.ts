/** Lambda's side of one sandbox: hands one event to AWS's own runtime client, and tells when INIT ended and the answer came. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RuntimeApi {
  /** `<host>:<port>`, as the runtime client wants it. */
  readonly address: string
  /** Settles with the answer's text. Rejects with what the function or the start of the sandbox failed with. */
  readonly answer: Promise<string>
  readonly close: () => Promise<void>
}

export interface RuntimeApiOptions {
  readonly event: object
  readonly deadlineMs: number
  /** INIT has ended: the client asks for its first event. What this does happens before the event is handed over. */
  readonly onInitialised: () => void
  readonly onAnswered: () => void
}

/** AWS Lambda's documentation, "Lambda runtime API": the version is part of every path. */
const BASE = '/2018-06-01/runtime'
const REQUEST_ID = '00000000-0000-4000-8000-000000000001'

export const startRuntimeApi = async (options: RuntimeApiOptions): Promise<RuntimeApi> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let isHandedOver = false

  const handOver = (response: ServerResponse): void => {
    // The second time there is nothing more: the client waits until its process ends.
    if (isHandedOver) return
    isHandedOver = true
    options.onInitialised()
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': REQUEST_ID,
      'lambda-runtime-deadline-ms': String(Date.now() + options.deadlineMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:000000000000:function:bench',
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000',
    })
    response.end(JSON.stringify(options.event))
  }

  const server = createServer((request, response) => {
    if (request.url === `${BASE}/invocation/next`) return handOver(response)
    if (request.url === `${BASE}/invocation/${REQUEST_ID}/response`) options.onAnswered()
    void bodyOf(request).then((body) => {
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}')
      if (request.url?.endsWith('/response')) resolve(body)
      else reject(new Error(`the function failed: ${body.slice(0, 500)}`))
    }, reject)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: promise,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
