/** Alibaba's signature V3, ACS3-HMAC-SHA256 ("V3 request structure and signature", help.aliyun.com). */

import { createHash, createHmac } from 'node:crypto'

const ALGORITHM = 'ACS3-HMAC-SHA256'

export interface Acs3Request {
  readonly method: 'GET' | 'POST'
  readonly host: string
  /** Query parameters, unencoded. */
  readonly query?: Readonly<Record<string, string>>
  readonly body?: string
  readonly contentType?: string
  readonly action: string
  readonly version: string
  readonly date: Date
  /** Never the same twice. */
  readonly nonce: string
}

export interface Acs3Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
}

/** All headers of a signed request, `authorization` included. Everything named `x-acs-*`, `host` and `content-type` is signed. */
export const acs3Headers = (request: Acs3Request, credentials: Acs3Credentials): Record<string, string> => {
  const { method, host, query = {}, body = '', contentType, action, version, date, nonce } = request
  const bodyHash = sha256(body)
  const signed: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': date.toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': bodyHash,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(credentials.securityToken === undefined ? {} : { 'x-acs-security-token': credentials.securityToken }),
  }
  const names = Object.keys(signed).sort()
  const canonicalRequest = [
    method,
    '/',
    canonicalQuery(query),
    names.map((name) => `${name}:${signed[name]?.trim()}\n`).join(''),
    names.join(';'),
    bodyHash,
  ].join('\n')
  const signature = createHmac('sha256', credentials.accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(canonicalRequest)}`)
    .digest('hex')
  const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { ...signed, authorization }
}

/** Sorted by encoded name, each part encoded as RFC 3986 says. */
export const canonicalQuery = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => [rfc3986(name), rfc3986(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** encodeURIComponent leaves five characters alone that RFC 3986, section 2.2, reserves. */
const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
