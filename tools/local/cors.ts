/** CORS on the local stage, as API Gateway does it: it answers preflights itself, and drops what a function says of CORS. */

import type { Cors } from '../package/cors.ts'

type Headers = Record<string, unknown>

/** The part of the offline server, which is one of hapi's, that is changed here. */
export interface OfflineServer {
  /** Its routes. */
  table(): readonly { readonly settings: { cors?: unknown } }[]
  ext(event: 'onPreResponse', method: (request: OfflineRequest, tools: Toolkit) => unknown): void
}

interface OfflineRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly response: {
    readonly headers: Headers
    /** Of hapi's own errors. */
    readonly isBoom?: boolean
    readonly output?: { readonly headers: Headers }
  }
}

interface Toolkit {
  readonly continue: symbol
  response(body?: object): { code(status: number): { header(name: string, value: string): void } }
}

/** What an answer to a page of this origin says, beside what a preflight asks for. None for an origin that is not listed. */
export const corsHeaders = (
  cors: Cors | undefined,
  origin: string | undefined,
  isPreflight: boolean,
): Readonly<Record<string, string>> => {
  if (cors === undefined || origin === undefined || !cors.allowedOrigins.includes(origin)) return {}
  return {
    'access-control-allow-origin': origin,
    ...(isPreflight
      ? {
          'access-control-allow-headers': cors.allowedHeaders.join(','),
          'access-control-allow-methods': cors.allowedMethods.join(','),
        }
      : { 'access-control-expose-headers': cors.exposedResponseHeaders.join(',') }),
  }
}

/** Puts these in the place of the offline server's own, which let any page in. Without `cors` no answer has any. */
export const useCors = (server: OfflineServer, cors: Cors | undefined): void => {
  for (const { settings } of server.table()) settings.cors = false
  server.ext('onPreResponse', ({ method, headers: { origin }, response }, tools) => {
    if (method === 'options') {
      const answer =
        cors === undefined ? tools.response({ message: 'Not Found' }).code(404) : tools.response().code(204)
      for (const [name, value] of Object.entries(corsHeaders(cors, origin, true))) answer.header(name, value)
      return answer
    }
    const headers = response.isBoom ? (response.output?.headers ?? {}) : response.headers
    for (const name of Object.keys(headers)) {
      if (name.startsWith('access-control-')) delete headers[name]
    }
    Object.assign(headers, corsHeaders(cors, origin, false))
    return tools.continue
  })
}
