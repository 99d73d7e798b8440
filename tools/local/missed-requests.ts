/** What a person at the terminal is told of a request that no function gets. */

import type { Cors } from '../package/cors.ts'
import { isMissed, type MissedRequest } from './gateway-answers.ts'
import { shortRequest } from './short-lines.ts'

/** The part of hapi's server and its objects that this touches. */
export interface ListenedServer {
  /** Its routes. */
  table(): readonly Route[]
  readonly events: { on(event: 'response', listener: (request: AnsweredRequest) => void): void }
}

interface Route {
  readonly method: string
  readonly path: string
}

interface AnsweredRequest extends MissedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly info: { readonly received: number }
  readonly response: { readonly statusCode?: number }
}

interface Listening {
  readonly cors: Cors | undefined
  /** Gets one line with its end. */
  readonly write: (line: string) => void
}

/** From now on writes one short line for each request that no function gets, preflights among them. */
export const tellMissed = (server: ListenedServer, { cors, write }: Listening): void => {
  server.events.on('response', (request) => {
    const { method, raw, response, info, headers } = request
    const isPreflight = method === 'options' && headers['origin'] !== undefined
    if (!isPreflight && !isMissed(request)) return
    const [path = ''] = (raw.req.url ?? '').split('?') // a query may hold what no line may show
    const reason = isPreflight ? ofPreflight(headers['origin'], cors) : ofMissed(path, server.table())
    const asked = `${method.toUpperCase()} ${path}`
    write(`${shortRequest({ ms: info.received, status: response.statusCode ?? 0, asked, reason })}\n`)
  })
}

const ofPreflight = (origin = '', cors: Cors | undefined): string =>
  cors?.allowedOrigins.includes(origin)
    ? `corsOrigins lets ${origin} in`
    : 'corsOrigins does not let this page in'

/** The methods of functions and pages. */
const METHODS = ['get', 'post', 'put', 'delete', 'patch']

const ofMissed = (path: string, routes: readonly Route[]): string => {
  const methodsAt = (at: string): readonly string[] =>
    routes
      .filter((route) => route.path === at && METHODS.includes(route.method))
      .map(({ method }) => method.toUpperCase())
  const withoutSlash = path.replace(/\/+$/, '')
  const [same, bare] = [methodsAt(path), methodsAt(withoutSlash)]
  if (same.length > 0) return `${listed(same)} there`
  return bare.length > 0 ? `at ${withoutSlash} ${listed(bare)} there` : 'no such route'
}

const listed = (methods: readonly string[]): string =>
  `${methods.join(' and ')} ${methods.length > 1 ? 'are' : 'is'}`
