/** Bodies that are too much, not text, not JSON, or JSON of another shape, on every route that reads one. */

import type { RequestParts } from '../support/world.ts'
import { type Attack, type CodeOf, onEach, withBytes, withHeaders, withText } from './attack.ts'
import { ROUTES, WITH_BODY } from './routes.ts'
import { PROTOTYPE_NAMES } from './world.ts'

const THEME = 'bodies'

/** The validate route ignores members that CEC may add, the chat passes them on, Alibaba's clients send what they like; all others refuse them. */
const UNKNOWN_MEMBER: CodeOf = {
  default: 'BODY_INVALID',
  validate: ROUTES.validate.success,
  validateAgent: ROUTES.validateAgent.success,
  send: ROUTES.send.success,
  sendAsync: ROUTES.sendAsync.success,
  auiOldToken: ROUTES.auiOldToken.success,
  auiNewToken: ROUTES.auiNewToken.success,
  auiRoomToken: ROUTES.auiRoomToken.success,
  auiAgentToken: ROUTES.auiAgentToken.success,
}
const SUCCESS = Object.fromEntries(WITH_BODY.map((name) => [name, ROUTES[name].success]))
/** One route has no member that must be there. */
const UNLESS_OPTIONAL: CodeOf = {
  default: 'BODY_INVALID',
  getsatisfactionsurveymode: ROUTES.getsatisfactionsurveymode.success,
}
/** One route carries files: what is too much for the others is looked at there. */
const unlessFile = (there: string): CodeOf => ({ default: 'BODY_TOO_LARGE', uploadFileStream: there })
/** And one carries many users. */
const unlessLong = (there: string): CodeOf => ({
  default: 'BODY_TOO_LARGE',
  uploadFileStream: there,
  batchUsers: there,
})
/** Tried, and harmless: the body is read as what it is. */
const HARMLESS: CodeOf = { default: '', ...SUCCESS }

type Line = readonly [string, CodeOf, Attack['spoil']]

const textOf = ({ body }: RequestParts): string => JSON.stringify(body)
const asText = (change: (text: string) => string) => (good: RequestParts) =>
  withText(good, change(textOf(good)))
const asBytes = (change: (text: string) => Buffer) => (good: RequestParts) =>
  withBytes(good, change(textOf(good)))
const first = (json: string) => asText((text) => text.replace('{', `{${json},`))

const wide = (members: number): string =>
  Array.from({ length: members }, (_, index) => `"m${index}":0`).join(',')

const SIZES: readonly Line[] = [
  ['100,000 levels of lists', unlessLong('BODY_TOO_DEEP'), asText(() => '['.repeat(100_000))],
  ['100,000 levels of objects', unlessLong('BODY_TOO_DEEP'), asText(() => '{"a":'.repeat(100_000))],
  ['8,000 levels, closed', 'BODY_TOO_DEEP', asText(() => '['.repeat(8_000) + ']'.repeat(8_000))],
  ['16,000 levels, not closed', 'BODY_TOO_DEEP', asText(() => '['.repeat(16_000))],
  ['20 levels in one more member', 'BODY_TOO_DEEP', first(`"x":${'['.repeat(20)}${']'.repeat(20)}`)],
  ['100,000 members', unlessFile('BODY_INVALID'), first(wide(100_000))],
  ['1,000 members', UNKNOWN_MEMBER, first(wide(1_000))],
  ['1 MB of blanks', unlessFile('FILE_UPLOADED'), asText((text) => text.padEnd(1_000_000))],
  ['5 MB of blanks', unlessFile('FILE_TOO_LARGE'), asText((text) => text.padEnd(5_000_000))],
  ['1 MB as base64', unlessFile('FILE_UPLOADED'), asBytes((text) => Buffer.from(text.padEnd(1_000_000)))],
  ['16,000 quotes', 'BODY_NOT_JSON', asText(() => '"'.repeat(16_000))],
  ['16,000 backslashes in a string', 'BODY_NOT_JSON', asText(() => `"${'\\'.repeat(16_000)}`)],
]

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
const utf32 = (text: string): Buffer =>
  Buffer.concat([...text].map((letter) => Buffer.from([letter.charCodeAt(0), 0, 0, 0])))
/** One byte of the text's first string replaced by several. */
const spliced =
  (...bytes: number[]) =>
  (text: string) =>
    Buffer.concat([Buffer.from(text.slice(0, 3)), Buffer.from(bytes), Buffer.from(text.slice(4))])

const ENCODINGS: readonly Line[] = [
  ['a byte that UTF-8 never has', 'BODY_NOT_UTF8', asBytes(spliced(0xff))],
  ['a slash in two bytes', 'BODY_NOT_UTF8', asBytes(spliced(0xc0, 0xaf))],
  ['NUL in two bytes', 'BODY_NOT_UTF8', asBytes(spliced(0xc0, 0x80))],
  ['a slash in three bytes', 'BODY_NOT_UTF8', asBytes(spliced(0xe0, 0x80, 0xaf))],
  ['half a surrogate pair in bytes', 'BODY_NOT_UTF8', asBytes(spliced(0xed, 0xa0, 0x80))],
  ['a letter beyond Unicode', 'BODY_NOT_UTF8', asBytes(spliced(0xf4, 0x90, 0x80, 0x80))],
  [
    'a letter cut off',
    'BODY_NOT_UTF8',
    asBytes((text) => Buffer.concat([Buffer.from(text), Buffer.from([0xe2, 0x82])])),
  ],
  ['Latin-1', 'BODY_NOT_UTF8', asBytes(spliced(0xe9))],
  ['UTF-16 with its mark', 'BODY_NOT_UTF8', asBytes((text) => Buffer.from(`\ufeff${text}`, 'utf16le'))],
  ['UTF-16 without a mark', 'BODY_NOT_JSON', asBytes((text) => Buffer.from(text, 'utf16le'))],
  ['UTF-16, the other way', 'BODY_NOT_UTF8', asBytes((text) => utf16be(`\ufeff${text}`))],
  ['UTF-32', 'BODY_NOT_JSON', asBytes(utf32)],
  ['a body of gzip', 'BODY_NOT_UTF8', asBytes(() => Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]))],
  ['a lone surrogate in the text', 'BODY_NOT_UTF8', asText((text) => `${text}\ud800`)],
  ['base64 that is not said to be', 'BODY_NOT_JSON', asText((text) => Buffer.from(text).toString('base64'))],
  ['base64 of nothing', 'BODY_MISSING', (good) => withBytes(good, Buffer.alloc(0))],
  ['a byte order mark of UTF-8: it is taken off', HARMLESS, asBytes((text) => Buffer.from(`\ufeff${text}`))],
]

const NO_JSON: readonly Line[] = [
  ['a comment', 'BODY_NOT_JSON', asText((text) => `/**/${text}`)],
  ['a last comma', 'BODY_NOT_JSON', asText((text) => text.replace(/\}$/, ',}'))],
  ['single quotes', 'BODY_NOT_JSON', asText((text) => text.replaceAll('"', "'"))],
  ['two values', 'BODY_NOT_JSON', asText((text) => text + text)],
  ['NUL behind', 'BODY_NOT_JSON', asText((text) => `${text}\0`)],
  ['JSONP', 'BODY_NOT_JSON', asText((text) => `f(${text})`)],
  ['NaN as a member', 'BODY_NOT_JSON', first('"x":NaN')],
  [
    'XML with an outside entity',
    'BODY_NOT_JSON',
    asText(() => '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
  ],
  ['a form', 'BODY_NOT_JSON', asText((text) => new URLSearchParams(JSON.parse(text)).toString())],
  ['no body', 'BODY_MISSING', ({ body, ...good }) => good],
  ...['null', 'true', '0', '1e400', '"text"', '[]', '{}'].map(
    (json): Line => [
      `nothing but ${json}`,
      json === '{}' ? UNLESS_OPTIONAL : 'BODY_INVALID',
      asText(() => json),
    ],
  ),
  ['the body in a list', 'BODY_INVALID', asText((text) => `[${text}]`)],
  ['the body as a string', 'BODY_INVALID', asText((text) => JSON.stringify(text))],
]

const PROTOTYPES: readonly Line[] = [
  ...PROTOTYPE_NAMES.map(
    (name): Line => [`${name} as one more member`, UNKNOWN_MEMBER, first(`"${name}":{"x":1}`)],
  ),
  ['every member by way of __proto__', 'BODY_INVALID', asText((text) => `{"__proto__":${text}}`)],
  [
    'every member by way of constructor.prototype',
    'BODY_INVALID',
    asText((text) => `{"constructor":{"prototype":${text}}}`),
  ],
]

const TYPES = [
  'application/x-www-form-urlencoded',
  'text/xml',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'image/png',
  '',
]
/** The body is read as JSON in UTF-8 whatever a header says, and the route is API Gateway's to choose. */
const HEADERS: readonly Line[] = [
  ...TYPES.map(
    (type): Line => [
      `content-type "${type}"`,
      HARMLESS,
      (good) => withHeaders(good, { 'content-type': type }),
    ],
  ),
  ['content-encoding gzip', HARMLESS, (good) => withHeaders(good, { 'content-encoding': 'gzip' })],
  [
    'a method override',
    HARMLESS,
    (good) => withHeaders(good, { 'x-http-method-override': 'GET', 'x-method-override': 'DELETE' }),
  ],
  [
    'a method override, no body',
    'BODY_MISSING',
    ({ body, ...good }) => withHeaders(good, { 'x-http-method-override': 'GET' }),
  ],
  [
    'an override of the path',
    HARMLESS,
    (good) => withHeaders(good, { 'x-original-url': '/enterprise-tokens', 'x-rewrite-url': '/users' }),
  ],
  [
    'members in the query',
    HARMLESS,
    (good) => ({ ...good, query: { userId: 'victim', tenantSpaceId: 'x' } }),
  ],
  [
    'all members in the query, none in the body',
    'BODY_MISSING',
    ({ body, ...good }) => ({ ...good, query: body as Record<string, string> }),
  ],
]

export const bodies: readonly Attack[] = onEach(THEME, WITH_BODY, [
  ...SIZES,
  ...ENCODINGS,
  ...NO_JSON,
  ...PROTOTYPES,
  ...HEADERS,
])
