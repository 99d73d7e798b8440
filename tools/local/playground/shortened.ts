/** What of a call may be shown: texts whose members are listed, and of all others no more than lets one be recognised elsewhere. */

import { createHash } from 'node:crypto'

/** Members and parameters whose texts are shown as they are. Whatever is not listed may be a token or a secret. */
const SHOWN = new Set(
  [
    'userId userName tenantSpaceId thirdUserId thirdUserName userAccount status scopes tokenType expiresAt',
    'channelId locale channel from to controlType mediaType sourceType content receiverId isNeedRead timestamp',
    'resultCode resultDesc returnCode retCode message errorCode errorMsg exceptionInfo code Code Message field reason',
    'DeviceId DeviceType UserId UserID ChannelID rtcChannelIds role kid nextKid kty alg crv use',
    'content-type prefer retry-after x-request-id x-tenant-space-id x-acs-action',
  ].flatMap((names) => names.split(' ')),
)
/** Nothing of them is shown, whatever their length. */
const HIDDEN = /secret|password|sign/i
/** Below it, a part and a digest would give away too much of a text. */
const LEAST_CHARACTERS = 20

/** Any page of this machine's browser can send a route what it likes, and every call is kept: of the rest, only how much it is. */
const MOST = { levels: 12, values: 500, nameCharacters: 40, textCharacters: 4096, bodyCharacters: 256 * 1024 }

export const shortenedText = (name: string, text: string): string => {
  const length = `${text.length} characters`
  if (SHOWN.has(name) && text.length <= MOST.textCharacters) return text
  if (HIDDEN.test(name) || text.length < LEAST_CHARACTERS) return text === '' ? '' : `… (${length})`
  return `${text.slice(0, 6)}… (${length}, SHA-256 ${digest(text)}…)`
}

/** The same token has the same eight digits wherever it comes by. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** Of a JSON value, up to `MOST` levels and values. */
const shortenedValue = (value: object): unknown => {
  let left = MOST.values
  const walk = (inner: unknown, name: string, level: number): unknown => {
    if (typeof inner === 'string') return shortenedText(name, inner)
    if (typeof inner !== 'object' || inner === null) return inner
    if (level > MOST.levels) return '… (deeper)'
    const all = Object.entries(inner)
    const members = all.slice(0, left)
    left -= members.length
    const more = all.length === members.length ? [] : [`… (${all.length - members.length} more)`]
    if (Array.isArray(inner)) return [...members.map(([, item]) => walk(item, name, level + 1)), ...more]
    const shown = members.map(([member, item]) => [shortenedName(member), walk(item, member, level + 1)])
    return Object.fromEntries([...shown, ...more.map((text) => ['…', text])])
  }
  return walk(value, '', 1)
}

const shortenedName = (name: string): string =>
  name.length > MOST.nameCharacters ? shortenedText('', name) : name

/** Of a body as it went over the wire. What is no JSON object or list is not shown at all. */
export const shortenedBody = (body: unknown): unknown => {
  const value = typeof body === 'string' || Buffer.isBuffer(body) ? parsed(body.toString()) : body
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'object' ? shortenedValue(value) : shortenedText('', String(value))
}

const parsed = (text: string): unknown => {
  if (text.length > MOST.bodyCharacters) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Headers that say something about a flow, in this order. All others are left out. */
const HEADERS = (
  'authorization ccmessaging-token x-app-key x-refused-token x-tenant-space-id x-acs-action ' +
  'prefer retry-after x-request-id content-type'
).split(' ')

export const shortenedHeaders = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headerText(name, headers[name])]])),
  )

const headerText = (name: string, value: unknown): string => {
  const [, scheme = '', credential = ''] = /^([\w-]+) (.*)$/s.exec(String(value)) ?? []
  return name === 'authorization' && scheme !== ''
    ? `${scheme} ${shortenedText(name, credential)}`
    : shortenedText(name, String(value))
}

/** A path with its query, as it was asked for. */
export const shortenedPath = (url: string): string => {
  const [path = '', query] = url.split(/\?(.*)/s)
  if (query === undefined || query === '') return path
  const values = [...new URLSearchParams(query)].map(
    ([name, value]) => `${name}=${shortenedText(name, value)}`,
  )
  return `${path}?${values.join('&')}`
}
