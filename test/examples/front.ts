/** What stands before the API on a real network: it passes each call on to the running stage, or answers in its place once. */

import { startHttpServer } from '../../tools/local/http-server.ts'

/** Instead of the stage's answer to the next call: another answer, another credential, or none at all. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  | { readonly authorization: string }
  | 'cut'

export interface Call {
  readonly line: string
  readonly authorization: string | undefined
  readonly body: unknown
}

export interface Front {
  readonly url: string
  readonly calls: Call[]
  fault: Fault | undefined
  close(): Promise<void>
}

export const startFront = async (stage: string): Promise<Front> => {
  const server = await startHttpServer({
    handle: async ({ method, url, headers, body }, response) => {
      const { fault } = front
      front.fault = undefined
      const { authorization } = headers
      front.calls.push({ line: `${method} ${url}`, authorization, body: JSON.parse(body.toString()) })
      if (fault === 'cut') return void response.destroy()
      if (fault !== undefined && 'status' in fault)
        return void response.writeHead(fault.status, fault.headers).end(fault.body)
      const answer = await fetch(stage + url, {
        method,
        body: body.toString(),
        headers: {
          'content-type': `${headers['content-type']}`,
          authorization: `${fault?.authorization ?? authorization}`,
        },
      })
      const text = await answer.text()
      response.writeHead(answer.status, Object.fromEntries(passed(answer.headers))).end(text)
    },
  })
  const front: Front = { url: server.url, calls: [], fault: undefined, close: () => server.close() }
  return front
}

const passed = (headers: Headers): [string, string][] =>
  [...headers].filter(([name]) => ['content-type', 'retry-after', 'x-request-id'].includes(name))
