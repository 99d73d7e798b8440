/** Where the offline plugin answers in words of its own, API Gateway's answer instead. */

import { type BodyRequest, keepBareBody } from './bare-bodies.ts'
import { DOCS_PATH } from './docs-page.ts'
import { PLAYGROUND_PATH } from './playground/paths.ts'

/** The part of hapi's server and its objects that this touches. */
export interface GatewayServer {
  ext(event: 'onPreHandler' | 'onPreResponse', step: (request: Request, toolkit: Toolkit) => unknown): void
}

/** What says whether a function gets a request. */
export interface MissedRequest {
  readonly method: string
  /** As it came: the server's own path lacks a slash at the end. */
  readonly raw: { readonly req: { readonly url?: string } }
  /** Where nothing else fits, the plugin has a route with a path for everything. */
  readonly route: { readonly path: string }
}

interface Request extends BodyRequest, MissedRequest {
  readonly response: {
    readonly isBoom?: boolean
    readonly headers?: Record<string, unknown>
    readonly output?: { readonly statusCode: number }
  }
}

interface Toolkit {
  readonly continue: symbol
  response(body: object): { code(status: number): { takeover(): object } }
}

/** Pages for people, with what they load and ask: no function answers there. */
const PAGES = [DOCS_PATH, PLAYGROUND_PATH]

const NOT_FOUND = { message: 'Not Found' }
const FAILED = { message: 'Internal Server Error' }

/**
 * From now on an unknown path or method is answered with 404, and a function that gives no answer with 500: one that cannot
 * start, throws, or takes too long. Such a one has no `x-request-id`, which every answer of ours has. Preflight requests are
 * left alone.
 */
export const answerAsGateway = (server: GatewayServer): void => {
  // Before the function is called: for the plugin HEAD is a GET, and a slash at the end counts for nothing.
  server.ext('onPreHandler', (request, toolkit) => {
    keepBareBody(request)
    return isOfNoRoute(request) ? toolkit.response(NOT_FOUND).code(404).takeover() : toolkit.continue
  })
  server.ext('onPreResponse', (request, toolkit) => {
    const [status, body] = insteadOf(request) ?? []
    // Not taken over: the step that adds the headers of CORS comes after this one.
    return status === undefined || body === undefined ? toolkit.continue : toolkit.response(body).code(status)
  })
}

const isOfNoRoute = ({ method, raw }: MissedRequest): boolean =>
  method === 'head' || /^\/[^?]*\/(\?|$)/.test(raw.req.url ?? '')

/** Whether neither a function nor a page gets the request. */
export const isMissed = (request: MissedRequest): boolean =>
  /\{p\*\d*\}$/.test(request.route.path) || isOfNoRoute(request)

const insteadOf = (request: Request): readonly [number, object] | undefined => {
  const { method, route, response } = request
  if (method === 'options' || PAGES.some((page) => `${route.path}/`.startsWith(`${page}/`))) return undefined
  if (isMissed(request) || response.output?.statusCode === 404) return [404, NOT_FOUND]
  if (response.isBoom === true) {
    const status = response.output?.statusCode ?? 500
    return status >= 500 ? [500, FAILED] : undefined
  }
  return response.headers?.['x-request-id'] === undefined ? [500, FAILED] : undefined
}
