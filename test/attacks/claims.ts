/** Claims of our own tokens that only the holder of our key can sign, truly signed. */

import { mint } from '../support/mint.ts'
import { TENANT, USER } from '../support/world.ts'
import type { Attack } from './attack.ts'
import { asTokens, type Fault, type Forge, TAKEN, type TokenLine } from './kinds.ts'
import { PROTOTYPE_NAMES } from './world.ts'

const THEME = 'claims'
/** A provider's claims are held to less, and to other things: oidc-tokens.ts. */
const ofRing = (fault: string): Fault => ({ enterprise: fault, agent: fault, access: fault })
const INVALID = ofRing('CLAIMS_INVALID')
const TOO_LONG = ofRing('LIFETIME_TOO_LONG')
const AHEAD = ofRing('ISSUED_AHEAD')
const EXPIRED = ofRing('EXPIRED')
const WRONG_ISSUER = ofRing('ISSUER_WRONG')
/** The question says whose token it is; an access token says it itself, and nobody knows such a user. */
const OTHER_USER: Fault = { enterprise: 'USER_DIFFERS', agent: 'USER_DIFFERS', access: 'USER_UNKNOWN' }
/** An access token says its name itself, and the directory has another for that user. */
const OTHER_NAME: Fault = { enterprise: 'NAME_DIFFERS', agent: 'CLAIMS_INVALID', access: 'USER_UNKNOWN' }
const now = () => Math.floor(Date.now() / 1000)

/** A change of good claims, or of their text, for what JSON.stringify does not write. */
type Change = Record<string, unknown> | ((text: string) => string | Buffer)

const changed = ({ claims }: Forge, change: Change): object | string | Buffer =>
  typeof change === 'function' ? change(JSON.stringify(claims())) : claims(change)

const member = (name: string, json: string) => (text: string) =>
  text.replace(new RegExp(`"${name}":(?:"[^"]*"|\\d+)`), `"${name}":${json}`)
const first = (json: string) => (text: string) => text.replace('{', `{${json},`)
const last = (json: string) => (text: string) => text.replace(/\}$/, `,${json}}`)

const CLAIMS: readonly (readonly [attack: string, fault: Fault, change: () => Change])[] = [
  ['exp 1e400', INVALID, () => member('exp', '1e400')],
  ['exp -0', INVALID, () => member('exp', '-0')],
  ['exp -1', INVALID, () => member('exp', '-1')],
  ['exp beyond safe integers', INVALID, () => member('exp', '9007199254740993')],
  ['exp in milliseconds', INVALID, () => ({ exp: (now() + 300) * 1000 })],
  ['iat in milliseconds', INVALID, () => ({ iat: now() * 1000 })],
  ['iat and exp in milliseconds', INVALID, () => ({ iat: Date.now(), exp: Date.now() + 300 })],
  ['exp true', INVALID, () => ({ exp: true })],
  ['exp null', INVALID, () => ({ exp: null })],
  ['exp a list', INVALID, () => ({ exp: [now() + 300] })],
  ['exp a date', INVALID, () => ({ exp: new Date(Date.now() + 300_000) })],
  ['iat 1e400', INVALID, () => member('iat', '1e400')],
  ['iat -1e400', INVALID, () => member('iat', '-1e400')],
  [
    'iat -0, exp a quarter of an hour later',
    EXPIRED,
    () => (text) => member('exp', '900')(member('iat', '-0')(text)),
  ],
  ['iat negative', INVALID, () => ({ iat: -1 })],
  ['iat with a fraction', INVALID, () => ({ iat: now() - 0.5 })],
  ['iat a year ahead', AHEAD, () => ({ iat: now() + 31_536_000, exp: now() + 31_536_300 })],
  ['iat six seconds ahead', AHEAD, () => ({ iat: now() + 6, exp: now() + 306 })],
  ['exp equal to iat', INVALID, () => ({ exp: now() })],
  ['exp this second', EXPIRED, () => ({ iat: now() - 300, exp: now() })],
  ['a life of a day', TOO_LONG, () => ({ exp: now() + 86_400 })],
  ['nbf', INVALID, () => ({ nbf: now() })],
  ['iss with a slash behind', WRONG_ISSUER, () => ({ iss: 'https://tokens.test.invalid/' })],
  ['iss in upper case', WRONG_ISSUER, () => ({ iss: 'HTTPS://TOKENS.TEST.INVALID' })],
  ['iss with its port', WRONG_ISSUER, () => ({ iss: 'https://tokens.test.invalid:443' })],
  ['iss over http', WRONG_ISSUER, () => ({ iss: 'http://tokens.test.invalid' })],
  ['iss with NUL behind', WRONG_ISSUER, () => ({ iss: 'https://tokens.test.invalid\0' })],
  ['iss with a look-alike letter', WRONG_ISSUER, () => ({ iss: 'https://t\u043ekens.test.invalid' })],
  ['iss of another stage', WRONG_ISSUER, () => ({ iss: 'https://test.cec-token-bridge.invalid' })],
  ['iss a list', INVALID, () => ({ iss: ['https://tokens.test.invalid'] })],
  [
    'aud a list of two',
    { enterprise: 'CLAIMS_INVALID', agent: 'CLAIMS_INVALID' },
    () => ({ aud: [`urn:cec:${TENANT}`, 'urn:cec:x'] }),
  ],
  [
    'aud an object',
    { enterprise: 'CLAIMS_INVALID', agent: 'CLAIMS_INVALID' },
    () => ({ aud: { 0: `urn:cec:${TENANT}` } }),
  ],
  [
    'aud in upper case',
    { enterprise: 'CLAIMS_INVALID', agent: 'CLAIMS_INVALID' },
    () => ({ aud: `URN:CEC:${TENANT}` }),
  ],
  ['name of another user', OTHER_NAME, () => ({ name: 'Tim' })],
  ['name in upper case', OTHER_NAME, () => ({ name: 'TOM' })],
  ['name with a zero-width blank', OTHER_NAME, () => ({ name: 'Tom\u200b' })],
  ['name with a look-alike letter', OTHER_NAME, () => ({ name: 'T\u043em' })],
  [
    'aud of every tenant',
    { enterprise: 'TENANT_DIFFERS', agent: 'CLAIMS_INVALID' },
    () => ({ aud: 'urn:cec:*' }),
  ],
  [
    'aud of no tenant',
    { enterprise: 'TENANT_DIFFERS', agent: 'CLAIMS_INVALID' },
    () => ({ aud: 'urn:cec:' }),
  ],
  [
    'aud with a blank behind',
    { enterprise: 'TENANT_DIFFERS', agent: 'CLAIMS_INVALID' },
    () => ({ aud: `urn:cec:${TENANT} ` }),
  ],
  [
    'aud of two tenants in one',
    { enterprise: 'TENANT_DIFFERS', agent: 'CLAIMS_INVALID' },
    () => ({ aud: `urn:cec:${TENANT},urn:cec:x` }),
  ],
  [
    'aud of another system',
    { enterprise: 'CLAIMS_INVALID', agent: 'CLAIMS_INVALID' },
    () => ({ aud: 'https://tokens.test.invalid/upstream' }),
  ],
  ['sub a number', INVALID, () => ({ sub: Number(USER.userId) })],
  ['sub a list', INVALID, () => ({ sub: [USER.userId] })],
  ['sub with a blank behind', OTHER_USER, () => ({ sub: `${USER.userId} ` })],
  ['sub with NUL behind', OTHER_USER, () => ({ sub: `${USER.userId}\0` })],
  ['sub empty', INVALID, () => ({ sub: '' })],
  ['name empty', INVALID, () => ({ name: '' })],
  ['name an object', INVALID, () => ({ name: { toString: 'Tom' } })],
  ['jti with a slash', INVALID, () => ({ jti: '../../../../../../x' })],
  ['jti of 65 characters', INVALID, () => ({ jti: 'a'.repeat(65) })],
  ['ver of huge epochs', INVALID, () => ({ ver: '9999999999999999.0' })],
  ['ver with leading zeros', ofRing('REVOKED'), () => ({ ver: '00.0' })],
  ['ver of an older user epoch', ofRing('REVOKED'), () => ({ ver: '0.1' })],
  ['ver of another tenant epoch', ofRing('REVOKED'), () => ({ ver: '1.0' })],
  ['ver in other digits', INVALID, () => ({ ver: '\u0660.\u0660' })],
  [
    'scope',
    { enterprise: 'CLAIMS_INVALID', agent: 'CLAIMS_INVALID' },
    () => ({ scope: 'enterprise-token:issue' }),
  ],
  ['sub twice, the true one first', OTHER_USER, () => last('"sub":"victim"')],
  // RFC 7519, section 4: the lexically last one counts. Nobody but us can sign either.
  [
    'sub twice, the true one last: it counts',
    { enterprise: TAKEN, agent: TAKEN, access: TAKEN },
    () => first('"sub":"victim"'),
  ],
  ['exp twice, the true one first', EXPIRED, () => (text) => last('"exp":2')(member('iat', '1')(text))],
  [
    'sub by way of __proto__',
    INVALID,
    () => (text) => text.replace(/"sub":"[^"]*"/, '"__proto__":{"sub":"10010001"}'),
  ],
  ...PROTOTYPE_NAMES.flatMap((name) => [
    [`${name} as a claim`, INVALID, () => first(`"${name}":{}`)] as const,
    [`${name} as sub`, OTHER_USER, () => ({ sub: name })] as const,
  ]),
  ['claims as text', INVALID, () => (text) => JSON.stringify(text)],
  ['claims null', INVALID, () => () => 'null'],
  ['claims of no bytes but a blank', INVALID, () => () => ' '],
  ['claims with a byte order mark', INVALID, () => (text) => `\ufeff${text}`],
  ['claims in UTF-16', INVALID, () => (text) => Buffer.from(text, 'utf16le')],
  [
    'claims in bytes that are no UTF-8',
    INVALID,
    () => (text) => Buffer.from(text.replace('https', 'h\u00f6ttps'), 'latin1'),
  ],
  [
    'claims with an overlong slash',
    INVALID,
    () => (text) => Buffer.from(text.replace('//', '\xc0\xaf/'), 'latin1'),
  ],
  ['claims 2,000 levels deep', INVALID, () => () => '['.repeat(2000)],
  ['claims with NUL behind', INVALID, () => (text) => `${text}\0`],
  ['claims with a comment', INVALID, () => (text) => `${text}//`],
]

/** The rest of what REFUSALS has for the validate route. An agent's token has no name. */
const MISSING: readonly TokenLine[] = ['iss', 'aud', 'sub', 'name', 'jti', 'ver', 'iat', 'exp'].map(
  (name) => [
    `no ${name}, truly signed`,
    name === 'name' ? { enterprise: 'CLAIMS_INVALID', access: 'CLAIMS_INVALID' } : INVALID,
    ({ header, claims, key }) => mint(header(), claims({ [name]: undefined }), key),
  ],
)

const lines: readonly TokenLine[] = CLAIMS.map(([attack, fault, change]) => [
  `${attack}, truly signed`,
  fault,
  (forge) => mint(forge.header(), changed(forge, change()), forge.key),
])

export const claims: readonly Attack[] = asTokens(THEME, [...lines, ...MISSING])
