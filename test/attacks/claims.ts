/** Claims that only the holder of our key can sign, truly signed; and questions that ask a good token for a look-alike. */

import { claims as claimsOf, header, mint } from '../support/mint.ts'
import { question } from '../support/refusals.ts'
import { TENANT, USER } from '../support/world.ts'
import { type Attack, asTokens, type TokenLine, withBody } from './attack.ts'
import { PROTOTYPE_NAMES, ZOE } from './world.ts'

const THEME = 'claims'
const INVALID = 'TOKEN_CLAIMS_INVALID'
const now = () => Math.floor(Date.now() / 1000)

/** A change of good claims, or of their text, for what JSON.stringify does not write. */
type Change = Record<string, unknown> | ((text: string) => string | Buffer)

const changed = (change: Change): object | string | Buffer =>
  typeof change === 'function' ? change(JSON.stringify(claimsOf())) : claimsOf(change)

const member = (name: string, json: string) => (text: string) =>
  text.replace(new RegExp(`"${name}":(?:"[^"]*"|\\d+)`), `"${name}":${json}`)
const first = (json: string) => (text: string) => text.replace('{', `{${json},`)
const last = (json: string) => (text: string) => text.replace(/\}$/, `,${json}}`)

const CLAIMS: readonly (readonly [attack: string, code: string, change: () => Change])[] = [
  ['exp 1e400', INVALID, () => member('exp', '1e400')],
  ['exp -0', INVALID, () => member('exp', '-0')],
  ['exp -1', INVALID, () => member('exp', '-1')],
  ['exp beyond safe integers', INVALID, () => member('exp', '9007199254740993')],
  ['exp in milliseconds', 'TOKEN_LIFETIME_TOO_LONG', () => ({ exp: (now() + 300) * 1000 })],
  ['iat in milliseconds', INVALID, () => ({ iat: now() * 1000 })],
  ['iat and exp in milliseconds', 'TOKEN_ISSUED_AHEAD', () => ({ iat: Date.now(), exp: Date.now() + 300 })],
  ['exp true', INVALID, () => ({ exp: true })],
  ['exp null', INVALID, () => ({ exp: null })],
  ['exp a list', INVALID, () => ({ exp: [now() + 300] })],
  ['exp a date', INVALID, () => ({ exp: new Date(Date.now() + 300_000) })],
  ['iat 1e400', INVALID, () => member('iat', '1e400')],
  ['iat -1e400', INVALID, () => member('iat', '-1e400')],
  [
    'iat -0, exp an hour later',
    'TOKEN_EXPIRED',
    () => (text) => member('exp', '3600')(member('iat', '-0')(text)),
  ],
  ['iat negative', INVALID, () => ({ iat: -1 })],
  ['iat with a fraction', INVALID, () => ({ iat: now() - 0.5 })],
  ['iat a year ahead', 'TOKEN_ISSUED_AHEAD', () => ({ iat: now() + 31_536_000, exp: now() + 31_536_300 })],
  ['iat six seconds ahead', 'TOKEN_ISSUED_AHEAD', () => ({ iat: now() + 6, exp: now() + 306 })],
  ['exp equal to iat', INVALID, () => ({ exp: now() })],
  ['exp this second', 'TOKEN_EXPIRED', () => ({ iat: now() - 300, exp: now() })],
  ['a life of a day', 'TOKEN_LIFETIME_TOO_LONG', () => ({ exp: now() + 86_400 })],
  ['nbf', INVALID, () => ({ nbf: now() })],
  ['iss with a slash behind', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'https://tokens.test.invalid/' })],
  ['iss in upper case', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'HTTPS://TOKENS.TEST.INVALID' })],
  ['iss with its port', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'https://tokens.test.invalid:443' })],
  ['iss over http', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'http://tokens.test.invalid' })],
  ['iss with NUL behind', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'https://tokens.test.invalid\0' })],
  ['iss with a look-alike letter', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'https://t\u043ekens.test.invalid' })],
  ['iss of another stage', 'TOKEN_ISSUER_WRONG', () => ({ iss: 'https://test.cec-token-bridge.invalid' })],
  ['iss a list', INVALID, () => ({ iss: ['https://tokens.test.invalid'] })],
  ['aud a list of two', INVALID, () => ({ aud: [`urn:cec:${TENANT}`, 'urn:cec:x'] })],
  ['aud an object', INVALID, () => ({ aud: { 0: `urn:cec:${TENANT}` } })],
  ['aud in upper case', INVALID, () => ({ aud: `URN:CEC:${TENANT}` })],
  ['aud of every tenant', 'TOKEN_TENANT_DIFFERS', () => ({ aud: 'urn:cec:*' })],
  ['aud of no tenant', 'TOKEN_TENANT_DIFFERS', () => ({ aud: 'urn:cec:' })],
  ['aud with a blank behind', 'TOKEN_TENANT_DIFFERS', () => ({ aud: `urn:cec:${TENANT} ` })],
  ['aud of two tenants in one', 'TOKEN_TENANT_DIFFERS', () => ({ aud: `urn:cec:${TENANT},urn:cec:x` })],
  ['aud of another system', INVALID, () => ({ aud: 'https://tokens.test.invalid/upstream' })],
  ['sub a number', INVALID, () => ({ sub: Number(USER.userId) })],
  ['sub a list', INVALID, () => ({ sub: [USER.userId] })],
  ['sub with a blank behind', 'TOKEN_USER_DIFFERS', () => ({ sub: `${USER.userId} ` })],
  ['sub with NUL behind', 'TOKEN_USER_DIFFERS', () => ({ sub: `${USER.userId}\0` })],
  ['sub empty', INVALID, () => ({ sub: '' })],
  ['name empty', INVALID, () => ({ name: '' })],
  ['name an object', INVALID, () => ({ name: { toString: 'Tom' } })],
  ['jti with a slash', INVALID, () => ({ jti: '../../../../../../x' })],
  ['jti of 65 characters', INVALID, () => ({ jti: 'a'.repeat(65) })],
  ['ver of huge epochs', INVALID, () => ({ ver: '9999999999999999.0' })],
  ['ver with leading zeros', 'TOKEN_REVOKED', () => ({ ver: '00.0' })],
  ['ver in other digits', INVALID, () => ({ ver: '\u0660.\u0660' })],
  ['scope', INVALID, () => ({ scope: 'enterprise-token:issue' })],
  ['sub twice, the true one first', 'TOKEN_USER_DIFFERS', () => last('"sub":"victim"')],
  // RFC 7519, section 4: the lexically last one counts. Nobody but us can sign either.
  ['sub twice, the true one last: it counts', 'TOKEN_VALID', () => first('"sub":"victim"')],
  [
    'exp twice, the true one first',
    'TOKEN_EXPIRED',
    () => (text) => last('"exp":2')(member('iat', '1')(text)),
  ],
  [
    'sub by way of __proto__',
    INVALID,
    () => (text) => text.replace(/"sub":"[^"]*"/, '"__proto__":{"sub":"10010001"}'),
  ],
  ...PROTOTYPE_NAMES.flatMap((name) => [
    [`${name} as a claim`, INVALID, () => first(`"${name}":{}`)] as const,
    [`${name} as sub`, 'TOKEN_USER_DIFFERS', () => ({ sub: name })] as const,
  ]),
  ['claims as text', INVALID, () => (text) => JSON.stringify(text)],
  ['claims null', INVALID, () => () => 'null'],
  ['claims of no bytes but a blank', INVALID, () => () => ' '],
  ['claims with a byte order mark', INVALID, () => (text) => `\ufeff${text}`],
  ['claims in UTF-16', INVALID, () => (text) => Buffer.from(text, 'utf16le')],
  [
    'claims in bytes that are no UTF-8',
    INVALID,
    () => (text) => Buffer.from(text.replace('Tom', 'T\u00f6m'), 'latin1'),
  ],
  [
    'claims with an overlong slash',
    INVALID,
    () => (text) => Buffer.from(text.replace('Tom', '\xc0\xaf'), 'latin1'),
  ],
  ['claims 2,000 levels deep', INVALID, () => () => '['.repeat(2000)],
  ['claims with NUL behind', INVALID, () => (text) => `${text}\0`],
  ['claims with a comment', INVALID, () => (text) => `${text}//`],
]

const lines: readonly TokenLine[] = CLAIMS.map(([attack, code, change]) => [
  `${attack}, truly signed`,
  code,
  ({ tokens }) => mint(header(tokens.kid), changed(change()), tokens.trueKey),
])

/** What reads, folds or prints as the user's id or name and is not it. */
const LOOK_ALIKES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['a full-width digit', { userId: '1001000\uff11' }],
  ['an Arabic digit', { userId: '1001000\u0661' }],
  ['a zero-width blank', { userId: '10010001\u200b' }],
  ['a combining mark', { userId: '10010001\u0301' }],
  ['a blank behind', { userId: '10010001 ' }],
  ['a blank in front', { userId: ' 10010001' }],
  ['NUL behind', { userId: '10010001\0' }],
  ['a line break behind', { userId: '10010001\n' }],
  ['a zero in front', { userId: '010010001' }],
  ['a point and zero', { userId: '10010001.0' }],
  ['half a surrogate pair behind', { userId: '10010001\ud800' }],
  ...PROTOTYPE_NAMES.map((name) => [name, { userId: name }] as const),
]
const NAMES: readonly (readonly [string, string])[] = [
  ['a Cyrillic letter', 'T\u043em'],
  ['upper case', 'TOM'],
  ['full-width letters', '\uff34\uff4f\uff4d'],
  ['a direction mark', 'Tom\u200f'],
  ['a blank behind', 'Tom '],
  ['markup', '<b>Tom</b>'],
]

const looks: readonly Attack[] = [
  ...LOOK_ALIKES.map(([name, changes]) => [`userId with ${name}`, 'TOKEN_USER_DIFFERS', changes] as const),
  ...NAMES.map(([name, userName]) => [`userName with ${name}`, 'TOKEN_NAME_DIFFERS', { userName }] as const),
].map(([attack, code, changes]) => ({
  theme: 'look-alikes',
  attack,
  route: 'validate',
  code,
  spoil: (good) => withBody(good, changes),
}))

/** One letter, or a letter and its two dots. */
const spelling: Attack = {
  theme: 'look-alikes',
  attack: 'userName in NFD for NFC',
  route: 'validate',
  code: 'TOKEN_NAME_DIFFERS',
  twin: ({ tokens: { kid, trueKey } }) => ({
    body: question(mint(header(kid), claimsOf({ sub: ZOE.userId, name: ZOE.userName }), trueKey), ZOE),
  }),
  spoil: (good) => withBody(good, { userName: ZOE.userName.normalize('NFD') }),
}

export const claims: readonly Attack[] = [...asTokens(THEME, lines), ...looks, spelling]
