/** Responses as API Gateway takes them (HTTP API, payload 2.0). */

import type { Exchange } from './exchange.ts'

export interface HttpResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a route's work gives when all went well; the route's descriptor has the status. */
export interface Success {
  /** Sent as JSON; a string is JSON already. */
  readonly body: object | string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer extends Success {
  readonly status: number
}

/** Tokens and refusals alike belong in no cache; the one answer that may be kept says so itself. */
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

/** Headers that a request's work has set come before the answer's own, and those before the usual ones. */
export const httpResponse = (
  { status, body, headers = {} }: Answer,
  { requestId, answerHeaders }: Pick<Exchange, 'requestId' | 'answerHeaders'>,
): HttpResponse => ({
  statusCode: status,
  headers: { ...HEADERS, ...headers, ...answerHeaders, 'x-request-id': requestId },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
