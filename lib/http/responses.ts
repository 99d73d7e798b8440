/** Responses as API Gateway takes them (HTTP API, payload 2.0). */

export interface HttpResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Answer {
  readonly status: number
  /** Sent as JSON; a string is JSON already. */
  readonly body: object | string
  readonly headers?: Readonly<Record<string, string>>
}

/** Tokens and refusals alike belong in no cache; the one answer that may be kept says so itself. */
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

/** `added`: headers that a request's work has set for whatever the answer turns out to be. */
export const httpResponse = (
  { status, body, headers = {} }: Answer,
  requestId: string,
  added: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  statusCode: status,
  headers: { ...HEADERS, ...headers, ...added, 'x-request-id': requestId },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
