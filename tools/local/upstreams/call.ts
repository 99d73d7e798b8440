/** What passes between the three vendors' emulators and their common server. */

import type { IncomingHttpHeaders } from 'node:http'
import type { LocalRequest } from '../http-server.ts'

export type Fields = Readonly<Record<string, unknown>>

/** One request to a vendor. */
export interface Call {
  /** The vendor's own name for it, e.g. `applyToken`. */
  readonly name: string
  readonly method: string
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The members of the JSON or form body; of the query where there is no body. Empty when unreadable. */
  readonly fields: Fields
  /** Aborted when the client has gone away. */
  readonly gone: AbortSignal
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** What can happen to a call: an answer, none at all, a reset connection, or one that speaks something else. */
export type Outcome = Reply | 'silence' | 'reset' | 'not-http'

export const json = (status: number, content: object, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(content),
})

export const html = (status: number, title: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
})

/** A header that may come once; an empty string when it is absent. */
export const header = (call: Pick<Call, 'headers'>, name: string): string => {
  const value = call.headers[name]
  return typeof value === 'string' ? value : ''
}

/** The media type without its parameters, in lower case. */
export const mediaType = (call: Pick<Call, 'headers'>): string =>
  header(call, 'content-type').split(';', 1).join().trim().toLowerCase()

/** The body as a JSON object, or undefined. */
export const jsonObject = (body: Buffer | string): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Makes a call of a request; `name` finds the vendor's name for it. */
export const callOf = (
  { method, url, headers, body }: LocalRequest,
  gone: AbortSignal,
  name: (call: Omit<Call, 'name'>) => string | undefined,
): Call => {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const isForm = mediaType({ headers }) === 'application/x-www-form-urlencoded'
  const form = () => Object.fromEntries(new URLSearchParams(isForm ? body.toString() : query))
  const fields = body.length > 0 && !isForm ? (jsonObject(body) ?? {}) : form()
  const nameless = { method, path, query, headers, body, fields, gone }
  return { ...nameless, name: name(nameless) ?? 'other' }
}
