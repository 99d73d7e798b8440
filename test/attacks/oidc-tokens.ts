/** Claims of a provider's tokens, truly signed by the provider, on the route that gives its users enterprise tokens. */

import { BACK_END, BACK_END_AUDIENCE, CLIENT, USER_AUDIENCE } from '../support/identity-provider.ts'
import { mint } from '../support/mint.ts'
import { ISSUER, TENANT } from '../support/world.ts'
import type { Attack } from './attack.ts'
import { asTokens, TAKEN, type TokenLine } from './kinds.ts'
import { NARROW_AUDIENCE } from './providers.ts'
import { OTHER_TENANT, PROTOTYPE_NAMES, ZOE } from './world.ts'

const INVALID = 'CLAIMS_INVALID'
const OTHER_AUDIENCE = 'AUDIENCE_WRONG'
/** Without an issuer that can be read, it is nobody's token. */
const NOBODYS = 'CALLER_KIND_REFUSED'
const now = () => Math.floor(Date.now() / 1000)

/** A change of good claims, or of their text, for what JSON.stringify does not write. */
type Change = Record<string, unknown> | ((text: string) => string | Buffer)
const first = (json: string) => (text: string) => text.replace('{', `{${json},`)
const last = (json: string) => (text: string) => text.replace(/\}$/, `,${json}}`)

const CLAIMS: readonly (readonly [attack: string, fault: string, change: () => Change])[] = [
  ['aud with a slash behind', OTHER_AUDIENCE, () => ({ aud: `${USER_AUDIENCE}/` })],
  ['aud in upper case', OTHER_AUDIENCE, () => ({ aud: USER_AUDIENCE.toUpperCase() })],
  ['aud with a blank behind', OTHER_AUDIENCE, () => ({ aud: `${USER_AUDIENCE} ` })],
  ['aud of another client', OTHER_AUDIENCE, () => ({ aud: CLIENT })],
  ['aud of our own access tokens', OTHER_AUDIENCE, () => ({ aud: `${ISSUER}/upstream` })],
  ['aud of CEC', OTHER_AUDIENCE, () => ({ aud: `urn:cec:${TENANT}` })],
  ['aud a list of others', OTHER_AUDIENCE, () => ({ aud: ['https://other.invalid', CLIENT] })],
  ['aud a list of two of ours', TAKEN, () => ({ aud: [USER_AUDIENCE, BACK_END_AUDIENCE] })],
  ['aud a list with ours in it', TAKEN, () => ({ aud: ['https://other.invalid', USER_AUDIENCE] })],
  ['aud a list in a list', INVALID, () => ({ aud: [[USER_AUDIENCE]] })],
  ['aud an empty list', INVALID, () => ({ aud: [] })],
  ['aud a list of 101', INVALID, () => ({ aud: Array.from({ length: 101 }, () => USER_AUDIENCE) })],
  ['aud an object', INVALID, () => ({ aud: { [USER_AUDIENCE]: true } })],
  ['aud null', INVALID, () => ({ aud: null })],
  ['no aud', INVALID, () => ({ aud: undefined })],
  [
    'aud of users who may do nothing',
    'SCOPE_MISSING',
    () => ({ aud: NARROW_AUDIENCE, scope: 'enterprise-token:issue' }),
  ],
  ["aud of back ends, a user's sub", 'SUBJECT_UNKNOWN', () => ({ aud: BACK_END_AUDIENCE })],
  [
    "aud of back ends, a back end's sub in upper case",
    'SUBJECT_UNKNOWN',
    () => ({ aud: BACK_END_AUDIENCE, sub: BACK_END.toUpperCase() }),
  ],
  ["aud of users, a back end's sub", 'NOT_A_USER', () => ({ sub: BACK_END })],
  ['another user', 'USER_FORBIDDEN', () => ({ sub: ZOE.userId, name: ZOE.userName })],
  ['another name', 'USER_FORBIDDEN', () => ({ name: 'Tim' })],
  ['no sub', INVALID, () => ({ sub: undefined })],
  ['sub a number', INVALID, () => ({ sub: 10010001 })],
  ['sub a list', INVALID, () => ({ sub: ['10010001'] })],
  ['sub empty', INVALID, () => ({ sub: '' })],
  ['sub of 33 characters', 'USER_INVALID', () => ({ sub: 'a'.repeat(33) })],
  ['sub with a blank behind', 'USER_INVALID', () => ({ sub: '10010001 ' })],
  ['sub with NUL behind', 'USER_INVALID', () => ({ sub: '10010001\0' })],
  ['sub with a full-width digit', 'USER_FORBIDDEN', () => ({ sub: '1001000\uff11' })],
  ['sub that is not NFC', 'USER_INVALID', () => ({ sub: 'Zoe\u0308' })],
  ['sub with a zero-width blank', 'USER_INVALID', () => ({ sub: '10010001\u200b' })],
  ...PROTOTYPE_NAMES.map((name) => [`${name} as sub`, 'USER_FORBIDDEN', () => ({ sub: name })] as const),
  ['no name', 'USER_INVALID', () => ({ name: undefined })],
  ['name an object', 'USER_INVALID', () => ({ name: { toString: 'Tom' } })],
  ['name of another in NFD', 'USER_FORBIDDEN', () => ({ name: 'Zoe\u0308' })],
  ['name with a zero-width blank', 'USER_INVALID', () => ({ name: 'Tom\u200b' })],
  ['name of 257 characters', 'USER_INVALID', () => ({ name: 'T'.repeat(257) })],
  ['name with a direction mark', 'USER_INVALID', () => ({ name: 'Tom\u202e' })],
  [
    'name by way of __proto__',
    'USER_INVALID',
    () => (text) => text.replace('"name":"Tom"', '"__proto__":{"name":"Tom"}'),
  ],
  ['no exp', INVALID, () => ({ exp: undefined })],
  ['exp as text', INVALID, () => ({ exp: String(now() + 600) })],
  ['exp 1e400', INVALID, () => (text) => text.replace(/"exp":\d+/, '"exp":1e400')],
  ['exp in milliseconds', INVALID, () => ({ exp: (now() + 600) * 1000 })],
  ['exp -1', INVALID, () => ({ exp: -1 })],
  ['exp 0', 'EXPIRED', () => ({ exp: 0 })],
  ['exp true', INVALID, () => ({ exp: true })],
  ['exp this second', 'EXPIRED', () => ({ exp: now() })],
  ['expired a second ago', 'EXPIRED', () => ({ exp: now() - 1 })],
  ['exp a fraction later than this second', 'EXPIRED', () => ({ exp: now() + 0.9999 })],
  ['no iat', INVALID, () => ({ iat: undefined })],
  ['iat six seconds ahead', 'ISSUED_AHEAD', () => ({ iat: now() + 6 })],
  ['iat four seconds ahead', TAKEN, () => ({ iat: now() + 4 })],
  ['iat negative', INVALID, () => ({ iat: -1 })],
  ['iat as text', INVALID, () => ({ iat: String(now()) })],
  ['nbf six seconds ahead', 'NOT_YET_VALID', () => ({ nbf: now() + 6 })],
  ['nbf as text', INVALID, () => ({ nbf: String(now()) })],
  ['nbf null', INVALID, () => ({ nbf: null })],
  ['azp a list', INVALID, () => ({ azp: [CLIENT] })],
  ['a key that its holder must prove', INVALID, () => ({ cnf: { jkt: 'A'.repeat(43) } })],
  ['a proof that is null', INVALID, () => ({ cnf: null })],
  ['iss twice, the true one last: it counts', TAKEN, () => first('"iss":"https://other.invalid"')],
  ['iss twice, the true one first', 'ISSUER_UNKNOWN', () => last('"iss":"https://other.invalid"')],
  ['aud twice, the true one first', OTHER_AUDIENCE, () => last('"aud":"https://other.invalid"')],
  ['sub twice, the true one first', 'USER_FORBIDDEN', () => last(`"sub":"${ZOE.userId}"`)],
  ['exp twice, the true one first', 'EXPIRED', () => last('"exp":1')],
  // What the token itself says of these is another system's: harmless.
  ['scopes of its own', TAKEN, () => ({ scope: 'users:write', roles: ['admin'] })],
  ['a tenant of its own', TAKEN, () => ({ tenantSpaceId: OTHER_TENANT, tenant: OTHER_TENANT, org: 'x' })],
  ['a userId of its own', TAKEN, () => ({ userId: ZOE.userId, preferred_username: ZOE.userId })],
  ['__proto__ as a claim', TAKEN, () => first(`"__proto__":{"sub":"${ZOE.userId}"}`)],
  ['constructor as a claim', TAKEN, () => first('"constructor":{}')],
  ['every claim by way of __proto__', NOBODYS, () => (text) => `{"__proto__":${text}}`],
  ['claims in a list', NOBODYS, () => (text) => `[${text}]`],
  ['claims as text', NOBODYS, () => (text) => JSON.stringify(text)],
  ['claims null', NOBODYS, () => () => 'null'],
  ['claims with a byte order mark', NOBODYS, () => (text) => `\ufeff${text}`],
  ['claims in UTF-16', NOBODYS, () => (text) => Buffer.from(text, 'utf16le')],
  [
    'claims in bytes that are no UTF-8',
    NOBODYS,
    () => (text) => Buffer.from(text.replace('Tom', 'T\u00f6m'), 'latin1'),
  ],
  ['claims 6,000 levels deep', NOBODYS, () => () => '['.repeat(6000)],
  ['claims with NUL behind', NOBODYS, () => (text) => `${text}\0`],
]

const lines: readonly TokenLine[] = CLAIMS.map(([attack, oidcUser, change]) => [
  attack,
  { oidcUser },
  ({ header, claims, key }) => {
    const changes = change()
    const payload = typeof changes === 'function' ? changes(JSON.stringify(claims())) : claims(changes)
    return mint(header(), payload, key)
  },
])

export const oidcTokens: readonly Attack[] = asTokens('OIDC claims', lines)
