/** Lambda's Invoke as the AWS SDK calls it, for functions of this process. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const PATH = /^\/2015-03-31\/functions\/([\w-]+)\/invocations$/

export interface LambdaEndpoint {
  readonly url: string
  readonly close: () => void
}

/** What a function throws is told as Lambda tells it: status 200, a header, and name and message. */
export const lambdaEndpoint = async (
  functions: Readonly<Record<string, (event: unknown) => Promise<unknown>>>,
): Promise<LambdaEndpoint> => {
  const server = createServer(async (request, response) => {
    const invoked = functions[PATH.exec(request.url ?? '')?.[1] ?? '']
    if (invoked === undefined) {
      response
        .writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' })
        .end('{"Message":"Function not found"}')
      return
    }
    try {
      response.end(JSON.stringify(await invoked(JSON.parse(await text(request)))))
    } catch (error) {
      const { name, message } = error as Error
      response
        .writeHead(200, { 'x-amz-function-error': 'Unhandled' })
        .end(JSON.stringify({ errorType: name, errorMessage: message }))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  }
}
