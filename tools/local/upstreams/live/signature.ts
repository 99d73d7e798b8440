/** ACS3-HMAC-SHA256 as the verifying side reads it, from Alibaba's published rules alone. */

import { createHash, createHmac } from 'node:crypto'
import type { Call } from '../call.ts'

export const ALGORITHM = 'ACS3-HMAC-SHA256'

/** What the `Authorization` header claims. */
export interface Authorization {
  readonly accessKeyId: string
  /** In lower case, sorted, each once. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+), *SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), *Signature=([0-9a-f]{64})$/

/** Undefined when the header is not of the form, or its names are not sorted. */
export const parseAuthorization = (value: string): Authorization | undefined => {
  const [, accessKeyId = '', names = '', signature = ''] = AUTHORIZATION.exec(value) ?? []
  const signedHeaders = names.split(';')
  const sorted = [...new Set(signedHeaders)].sort()
  return accessKeyId !== '' && sorted.join(';') === names
    ? { accessKeyId, signedHeaders, signature }
    : undefined
}

export type SignedRequest = Pick<Call, 'method' | 'path' | 'query' | 'headers' | 'body'>

/** The request as both sides must see it. Throws a URIError when the query is not percent-encoded. */
export const canonicalRequest = (request: SignedRequest, signedHeaders: readonly string[]): string =>
  [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n')

export const stringToSign = (canonical: string): string => `${ALGORITHM}\n${sha256(canonical)}`

export const sign = (text: string, accessKeySecret: string): string =>
  createHmac('sha256', accessKeySecret).update(text).digest('hex')

/** In lower-case hex. */
export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** Decoded as sent, so that a plus sign is a plus sign; encoded again by RFC 3986; sorted by name, then value. */
const canonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=')
      return [name, rest.join('=')].map((part) => encode(decodeURIComponent(part))) as [string, string]
    })
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** encodeURIComponent leaves five characters that RFC 3986 reserves. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
