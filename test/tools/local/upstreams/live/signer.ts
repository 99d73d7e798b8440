/** Signs requests as a client of Alibaba does. Shares no code with the emulator, whose judge it is. */

import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { LiveSecret } from '../../../../../tools/local/upstreams/upstreams.ts'
import { type Answer, ask } from '../support.ts'

type Pairs = [string, string][]

export interface Unsigned {
  method: string
  host: string
  query: Pairs
  /** Without `host`. */
  headers: Record<string, string>
  body: string
}

const hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** Byte by byte, as RFC 3986 has it: only its unreserved characters stay. */
const percent = (text: string): string => {
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte)
    const hexByte = byte.toString(16).toUpperCase().padStart(2, '0')
    encoded += /[A-Za-z0-9._~-]/.test(character) ? character : `%${hexByte}`
  }
  return encoded
}

export const queryOf = (pairs: Pairs): string =>
  pairs
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .sort((a, b) => Buffer.compare(Buffer.from(a.replace('=', '\0')), Buffer.from(b.replace('=', '\0'))))
    .join('&')

/** The value of `Authorization`; `leaveOut` names headers that are sent and not signed. */
export const authorizationOf = (
  { method, host, query, headers, body }: Unsigned,
  { accessKeyId, accessKeySecret }: Pick<LiveSecret, 'accessKeyId' | 'accessKeySecret'>,
  leaveOut: readonly string[] = [],
): string => {
  const signed: Record<string, string> = { host }
  for (const [name, value] of Object.entries(headers)) {
    if (/^(x-acs-.*|content-type)$/.test(name) && !leaveOut.includes(name)) signed[name] = value
  }
  const names = Object.keys(signed).sort()
  let canonical = `${method}\n/\n${queryOf(query)}\n`
  for (const name of names) canonical += `${name}:${signed[name]}\n`
  canonical += `\n${names.join(';')}\n${hex(body)}`
  const signature = createHmac('sha256', accessKeySecret).update(`ACS3-HMAC-SHA256\n${hex(canonical)}`)
  return `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature.digest('hex')}`
}

export interface Changes {
  /** Form members; default four good ones. */
  form?: Record<string, string> | Pairs
  query?: Pairs
  /** Before signing; undefined leaves a header out. */
  headers?: Record<string, string | undefined>
  leaveOut?: readonly string[]
  /** After signing. */
  tamper?: (request: { headers: Record<string, string>; body: string; url: string }) => void
}

export const good = ({ appId }: Pick<LiveSecret, 'appId'>) => ({
  AppId: appId,
  DeviceId: 'device-1_a',
  DeviceType: 'web',
  UserId: 'user_1.a',
})

/** Calls GetMessageToken at `now` (milliseconds), changed as told. */
export const getMessageToken = (secret: LiveSecret, now: number, changes: Changes = {}): Promise<Answer> => {
  const body = new URLSearchParams(changes.form ?? good(secret)).toString()
  const all: Record<string, string | undefined> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-action': 'GetMessageToken',
    'x-acs-version': '2016-11-01',
    'x-acs-date': new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': hex(body),
    'x-acs-security-token': secret.securityToken,
    ...changes.headers,
  }
  const headers = Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  const query = changes.query ?? []
  const { host } = new URL(secret.endpoint)
  headers['authorization'] = authorizationOf(
    { method: 'POST', host, query, headers, body },
    secret,
    changes.leaveOut,
  )
  const request = { headers, body, url: `${secret.endpoint}/${query.length ? `?${queryOf(query)}` : ''}` }
  changes.tamper?.(request)
  return ask(request.url, { method: 'POST', headers: request.headers, body: Buffer.from(request.body) })
}
