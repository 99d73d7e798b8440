/** The back end of a small site: it enters its user, and hands the user's page tokens. The caller key stays here. */

import { createServer } from 'node:http'
import createClient from 'openapi-fetch'
import type { paths } from './api.d.ts'

const { API = 'http://127.0.0.1:3000', CALLER_KEY, USER_ID = '10010001', PORT = '8081' } = process.env
if (CALLER_KEY === undefined) throw new Error('CALLER_KEY is not set')
const api = createClient<paths>({
  baseUrl: API,
  headers: { authorization: `Bearer ${CALLER_KEY}` },
  // Without `manual` the key would go wherever a redirect points.
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(10_000), redirect: 'manual' }),
})
// A real site takes the user from its own session, never from the page's request.
const user = { userId: USER_ID, userName: 'Tom', tenantSpaceId: '202007159031' }
const scopes: ('chat-token:issue' | 'chat:relay')[] = ['chat-token:issue', 'chat:relay']

interface Said {
  readonly response: Response
  /** The members of the answer that a page needs. */
  readonly kept?: object | undefined
  readonly error?: unknown
}

/** By what the page asks for. A wrong path, member or scope does not compile. */
const calls: Readonly<Record<string, () => Promise<Said>>> = {
  '/sign-in': async () => {
    const { data, ...said } = await api.PUT('/users', { body: { ...user, status: 'active' } })
    return { ...said, kept: data && { userId: data.userId, userName: data.userName } }
  },
  '/enterprise-token': async () => {
    const { data, ...said } = await api.POST('/enterprise-tokens', { body: user })
    return { ...said, kept: data && { thirdUserData: data.thirdUserData, expiresIn: data.expiresIn } }
  },
  '/access-token': async () => {
    const { data, ...said } = await api.POST('/access-tokens', { body: { ...user, scopes } })
    return { ...said, kept: data && { accessToken: data.accessToken, expiresIn: data.expiresIn } }
  },
}

createServer(async ({ method, url = '' }, response) => {
  const reply = (status: number, body: object, retryAfter?: string): void => {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    response.writeHead(status, { ...headers, ...(retryAfter && { 'retry-after': retryAfter }) })
    response.end(JSON.stringify(body))
  }
  const call = method === 'POST' ? calls[url] : undefined
  if (call === undefined) return reply(404, { message: 'unknown path' })
  const said = await call().catch(() => undefined) // no connection, or no answer in time
  if (said?.kept !== undefined) return reply(200, said.kept)
  const { status, headers } = said?.response ?? { status: 503, headers: new Headers() }
  const code = Object(said?.error).code
  console.error(`${url}: ${status} ${code} ${headers.get('x-request-id')}`) // never the key, never a body
  // The page waits so many seconds.
  if (status === 429) return reply(429, { message: 'too many calls' }, headers.get('retry-after') ?? '1')
  // The page tries again then; x-request-id is what to quote.
  if (status >= 500) return reply(503, { message: 'no tokens now' }, '5')
  // 401: the key is wrong or has ended. Trying again does not help: an operator reads the log.
  reply(500, { message: 'refused' })
}).listen(Number(PORT), '127.0.0.1')
