/**
 * Every spoilt token, once: used against the exported handler and against the running server.
 * Each case differs from a good request in one thing; code, retCode and message are literals from docs/reference/errors.md.
 */

import type { KeyObject } from 'node:crypto'
import { claims, header, mint, mintHs256 } from './mint.ts'
import { TENANT, USER } from './world.ts'

export interface RefusalWorld {
  readonly kid: string
  readonly trueKey: KeyObject
  readonly foreignKey: KeyObject
  /** x of the public key, as anybody can read it. */
  readonly publicText: string
  readonly issuer: string
}

export interface Refusal {
  readonly fault: string
  readonly code: string
  readonly retCode: number
  readonly body: (world: RefusalWorld) => Record<string, unknown>
}

export const MESSAGES: Record<number, string> = {
  0: 'validate success',
  1: 'malformed request',
  2: 'not a token of this system',
  3: 'token expired',
  4: 'token of another user or tenant',
  5: 'user not admitted',
  6: 'cannot be checked now',
}

/** What CEC sends for a token: the twin of every case when the token is good. */
export const question = (token: string, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  Token: token,
  ...USER,
  tenantSpaceId: TENANT,
  ...changes,
})

export const AGENT = 'a101'

/** What CEC sends for an agent's token. */
export const agentQuestion = (
  token: string,
  changes: Record<string, unknown> = {},
): Record<string, unknown> => ({
  access_token: token,
  userAccount: AGENT,
  tenantSpaceId: TENANT,
  ...changes,
})

export const goodToken = ({ kid, trueKey, issuer }: RefusalWorld): string =>
  mint(header(kid), claims({ iss: issuer }), trueKey)

const now = () => Math.floor(Date.now() / 1000)

/** Claims that are wrong. Signed by the true key they are refused for what they say, by a foreign one for the signature. */
const WRONG_CLAIMS: readonly [string, string, number, () => Record<string, unknown>][] = [
  ['other userName', 'TOKEN_NAME_DIFFERS', 4, () => ({ name: 'Tim' })],
  ['other userId', 'TOKEN_USER_DIFFERS', 4, () => ({ sub: '10010002' })],
  ['other tenant', 'TOKEN_TENANT_DIFFERS', 4, () => ({ aud: 'urn:cec:202007159032' })],
  ['userName in other case', 'TOKEN_NAME_DIFFERS', 4, () => ({ name: 'tom' })],
  ['userName with a look-alike letter', 'TOKEN_NAME_DIFFERS', 4, () => ({ name: 'T\u043em' })],
  ['aud of another kind', 'TOKEN_CLAIMS_INVALID', 2, () => ({ aud: `${TENANT}` })],
  ['aud as a list', 'TOKEN_CLAIMS_INVALID', 2, () => ({ aud: [`urn:cec:${TENANT}`] })],
  ['no aud', 'TOKEN_CLAIMS_INVALID', 2, () => ({ aud: undefined })],
  ['wrong iss', 'TOKEN_ISSUER_WRONG', 2, () => ({ iss: 'https://other.invalid' })],
  ['no iss', 'TOKEN_CLAIMS_INVALID', 2, () => ({ iss: undefined })],
  ['no sub', 'TOKEN_CLAIMS_INVALID', 2, () => ({ sub: undefined })],
  ['no name', 'TOKEN_CLAIMS_INVALID', 2, () => ({ name: undefined })],
  ['short jti', 'TOKEN_CLAIMS_INVALID', 2, () => ({ jti: '1' })],
  ['no jti', 'TOKEN_CLAIMS_INVALID', 2, () => ({ jti: undefined })],
  ['ver of another form', 'TOKEN_CLAIMS_INVALID', 2, () => ({ ver: 1 })],
  ['no ver', 'TOKEN_CLAIMS_INVALID', 2, () => ({ ver: undefined })],
  ['ver of an older user epoch', 'TOKEN_REVOKED', 5, () => ({ ver: '0.1' })],
  ['ver of another tenant epoch', 'TOKEN_REVOKED', 5, () => ({ ver: '1.0' })],
  ['an unknown claim', 'TOKEN_CLAIMS_INVALID', 2, () => ({ admin: true })],
  ['no exp', 'TOKEN_CLAIMS_INVALID', 2, () => ({ exp: undefined })],
  ['exp as text', 'TOKEN_CLAIMS_INVALID', 2, () => ({ exp: String(now() + 300) })],
  ['exp with a fraction', 'TOKEN_CLAIMS_INVALID', 2, () => ({ exp: now() + 300.5 })],
  ['exp beyond all integers', 'TOKEN_CLAIMS_INVALID', 2, () => ({ exp: 1e300 })],
  ['exp before iat', 'TOKEN_CLAIMS_INVALID', 2, () => ({ iat: now(), exp: now() - 1 })],
  ['a life of 3601 seconds', 'TOKEN_LIFETIME_TOO_LONG', 2, () => ({ iat: now(), exp: now() + 3601 })],
  ['no iat', 'TOKEN_CLAIMS_INVALID', 2, () => ({ iat: undefined })],
  ['iat a minute ahead', 'TOKEN_ISSUED_AHEAD', 2, () => ({ iat: now() + 60, exp: now() + 360 })],
  ['expired', 'TOKEN_EXPIRED', 3, () => ({ iat: now() - 301, exp: now() - 1 })],
]

const spoiltClaims: readonly Refusal[] = WRONG_CLAIMS.flatMap(([fault, code, retCode, changes]) => [
  {
    fault: `${fault}, true key`,
    code,
    retCode,
    body: ({ kid, trueKey, issuer }) =>
      question(mint(header(kid), claims({ iss: issuer, ...changes() }), trueKey)),
  },
  {
    fault: `${fault}, foreign key`,
    code: 'TOKEN_SIGNATURE_INVALID',
    retCode: 2,
    body: ({ kid, foreignKey, issuer }) =>
      question(mint(header(kid), claims({ iss: issuer, ...changes() }), foreignKey)),
  },
])

/** Headers that this system emits for no kind of token, each over a true signature. */
export const WRONG_HEADERS: readonly [string, (world: RefusalWorld) => Record<string, unknown>][] = [
  ['typ JWT', () => ({ typ: 'JWT' })],
  ['no typ', () => ({ typ: undefined })],
  ['alg none', () => ({ alg: 'none' })],
  ['alg nOnE', () => ({ alg: 'nOnE' })],
  ['alg HS256', () => ({ alg: 'HS256' })],
  ['no alg', () => ({ alg: undefined })],
  ['unknown kid', () => ({ kid: 'A'.repeat(43) })],
  ['no kid', () => ({ kid: undefined })],
  ['kid as a path', () => ({ kid: '../../../../dev/null' })],
  ['kid of Object.prototype', () => ({ kid: '__proto__' })],
  ['crit', () => ({ crit: ['exp'] })],
  ['jwk', ({ publicText }) => ({ jwk: { kty: 'EC', crv: 'P-256', x: publicText, y: publicText } })],
  ['jku', () => ({ jku: 'https://other.invalid/jwks.json' })],
  ['x5u', () => ({ x5u: 'https://other.invalid/cert.pem' })],
  ['b64 false', () => ({ b64: false, crit: ['b64'] })],
]

/** On top of those, the header of the other kind. */
const spoiltHeaders: readonly Refusal[] = [
  ...WRONG_HEADERS,
  ['typ at+jwt', () => ({ typ: 'at+jwt' })] as (typeof WRONG_HEADERS)[number],
].map(([fault, changes]) => ({
  fault,
  code: 'TOKEN_HEADER_UNKNOWN',
  retCode: 2,
  body: (world) =>
    question(mint(header(world.kid, changes(world)), claims({ iss: world.issuer }), world.trueKey)),
}))

/** Changes of a good token's text. */
const WRONG_FORMS: readonly [string, string, number, (token: string, world: RefusalWorld) => string][] = [
  ['one character changed in the header', 'TOKEN_HEADER_UNKNOWN', 2, (token) => changedAt(token, 8)],
  [
    'one character changed in the claims',
    'TOKEN_SIGNATURE_INVALID',
    2,
    (token) => changedAt(token, token.indexOf('.') + 20),
  ],
  [
    'one character changed in the signature',
    'TOKEN_SIGNATURE_INVALID',
    2,
    (token) => changedAt(token, token.lastIndexOf('.') + 20),
  ],
  ['padding after the header', 'TOKEN_MALFORMED', 2, (token) => token.replace('.', '=.')],
  ['padding after the claims', 'TOKEN_MALFORMED', 2, (token) => token.replace(/\.([^.]*)$/, '=.$1')],
  ['padding at the end', 'TOKEN_MALFORMED', 2, (token) => `${token}==`],
  ['a blank in front', 'TOKEN_MALFORMED', 2, (token) => ` ${token}`],
  ['a blank behind', 'TOKEN_MALFORMED', 2, (token) => `${token} `],
  ['a line break within', 'TOKEN_MALFORMED', 2, (token) => `${token.slice(0, 40)}\n${token.slice(40)}`],
  ['an unused bit set in the signature', 'TOKEN_MALFORMED', 2, unusedBit],
  ['base64 instead of base64url', 'TOKEN_MALFORMED', 2, (token) => `${token.slice(0, -4)}+/+/`],
  ['letters outside ASCII', 'TOKEN_MALFORMED', 2, (token) => token.replace('e', '\u0435')],
  ['no signature', 'TOKEN_MALFORMED', 2, (token) => token.slice(0, token.lastIndexOf('.') + 1)],
  ['two parts', 'TOKEN_MALFORMED', 2, (token) => token.slice(0, token.lastIndexOf('.'))],
  ['four parts', 'TOKEN_MALFORMED', 2, (token) => `${token}.e30`],
  ['a signature of DER form and length', 'TOKEN_MALFORMED', 2, (token) => `${token}AAAA`],
  [
    'a signature of zeros',
    'TOKEN_SIGNATURE_INVALID',
    2,
    (token) => `${token.slice(0, token.lastIndexOf('.') + 1)}${'A'.repeat(86)}`,
  ],
  [
    'alg none and no signature',
    'TOKEN_MALFORMED',
    2,
    (token, { kid }) =>
      `${Buffer.from(JSON.stringify(header(kid, { alg: 'none' }))).toString('base64url')}.${token.split('.')[1]}.`,
  ],
  [
    'HS256 keyed with the public key',
    'TOKEN_MALFORMED',
    2,
    (_, { kid, publicText, issuer }) =>
      mintHs256(header(kid, { alg: 'HS256' }), claims({ iss: issuer }), publicText),
  ],
  [
    'claims that are no JSON, truly signed',
    'TOKEN_CLAIMS_INVALID',
    2,
    (_, { kid, trueKey }) => mint(header(kid), '{"iss":', trueKey),
  ],
  [
    'claims as a list, truly signed',
    'TOKEN_CLAIMS_INVALID',
    2,
    (_, { kid, trueKey }) => mint(header(kid), [], trueKey),
  ],
  ['5,000 characters', 'TOKEN_TOO_LARGE', 2, (token) => token + 'A'.repeat(5000)],
  [
    'claims of 3,100 bytes, truly signed',
    'TOKEN_TOO_LARGE',
    2,
    (_, { kid, trueKey, issuer }) =>
      mint(header(kid), claims({ iss: issuer, pad: 'A'.repeat(2900) }), trueKey),
  ],
  ['1 MB', 'BODY_TOO_LARGE', 1, (token) => token + 'A'.repeat(1_000_000)],
]

const spoiltForms: readonly Refusal[] = WRONG_FORMS.map(([fault, code, retCode, change]) => ({
  fault,
  code,
  retCode,
  body: (world) => question(change(goodToken(world), world)),
}))

/** A good token, asked about for somebody else, or not asked about properly. */
const WRONG_QUESTIONS: readonly [string, string, number, Record<string, unknown>][] = [
  ['asked for another userName', 'TOKEN_NAME_DIFFERS', 4, { userName: 'Tim' }],
  ['asked for another userId', 'TOKEN_USER_DIFFERS', 4, { userId: '10010002' }],
  ['asked for another tenant', 'TOKEN_TENANT_DIFFERS', 4, { tenantSpaceId: '202007159032' }],
  ['no Token', 'BODY_INVALID', 1, { Token: undefined }],
  ['empty Token', 'BODY_INVALID', 1, { Token: '' }],
  ['Token as a number', 'BODY_INVALID', 1, { Token: 1 }],
  ['no userId', 'BODY_INVALID', 1, { userId: undefined }],
  ['no userName', 'BODY_INVALID', 1, { userName: undefined }],
  ['no tenantSpaceId', 'BODY_INVALID', 1, { tenantSpaceId: undefined }],
  ['userId as a list', 'BODY_INVALID', 1, { userId: [USER.userId] }],
]

const spoiltQuestions: readonly Refusal[] = WRONG_QUESTIONS.map(([fault, code, retCode, changes]) => ({
  fault,
  code,
  retCode,
  body: (world) => question(goodToken(world), changes),
}))

export const REFUSALS: readonly Refusal[] = [
  ...spoiltClaims,
  ...spoiltHeaders,
  ...spoiltForms,
  ...spoiltQuestions,
]

const changedAt = (token: string, at: number): string =>
  token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)

/** 64 bytes take 86 characters, the last of which carries two bits of data and four that must be 0. */
function unusedBit(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.slice(-1))
  return token.slice(0, -1) + alphabet[last + 1]
}
