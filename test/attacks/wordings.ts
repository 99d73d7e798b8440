/** The good header in other words, over a true signature: equal as JSON, or to a reader that is not strict. */

import { mint } from '../support/mint.ts'
import type { Attack } from './attack.ts'
import { asTokens, type Forge, TAKEN, type TokenLine } from './kinds.ts'

const INVALID = 'HEADER_INVALID'
const OTHER_TYPE = 'TYPE_REFUSED'
const text = ({ header }: Forge): string => JSON.stringify(header())
const typ = ({ header }: Forge): string => String(header()['typ'])

/**
 * Ours are compared as text: all of these are unknown. A provider's are JSON, whose words are its own choice; with the
 * signature true, what counts is that the algorithm, the key and the type are as they must be.
 */
const WORDINGS: readonly (readonly [string, oidc: string, (forge: Forge) => string | object])[] = [
  [
    'members in another order',
    TAKEN,
    ({ header }) => Object.fromEntries(Object.entries(header()).toReversed()),
  ],
  ['blanks between members', TAKEN, ({ header }) => JSON.stringify(header(), null, 1)],
  ['a line break behind', TAKEN, (forge) => `${text(forge)}\n`],
  ['NUL behind', INVALID, (forge) => `${text(forge)}\0`],
  ['a byte order mark in front', INVALID, (forge) => `\ufeff${text(forge)}`],
  ['UTF-16', INVALID, (forge) => Buffer.from(text(forge), 'utf16le')],
  ['an escaped member name', TAKEN, (forge) => text(forge).replace('alg', '\\u0061lg')],
  ['an escaped plus in typ', TAKEN, (forge) => text(forge).replace('+jwt', '\\u002bjwt')],
  ['alg twice, none first', TAKEN, (forge) => text(forge).replace('{', '{"alg":"none",')],
  ['alg twice, none last', INVALID, (forge) => text(forge).replace('}', ',"alg":"none"}')],
  ['kid twice, another first', TAKEN, (forge) => text(forge).replace('{', '{"kid":"x",')],
  ['kid twice, another last', 'KEY_UNKNOWN', (forge) => text(forge).replace('}', ',"kid":"x"}')],
  ['an unknown member', TAKEN, ({ header }) => header({ x: 1 })],
  ['__proto__ as a member', TAKEN, (forge) => text(forge).replace('{', '{"__proto__":{},')],
  ['every member by way of __proto__', INVALID, (forge) => `{"__proto__":${text(forge)}}`],
  ['constructor as a member', TAKEN, ({ header }) => header({ constructor: 1 })],
  ['alg in lower case', INVALID, ({ header }) => header({ alg: 'es256' })],
  ['alg as a list', INVALID, ({ header }) => header({ alg: ['ES256'] })],
  ['alg with a blank behind', INVALID, ({ header }) => header({ alg: 'ES256 ' })],
  ['no alg', INVALID, ({ header }) => header({ alg: undefined })],
  ['no kid', INVALID, ({ header }) => header({ kid: undefined })],
  ['typ JWT', OTHER_TYPE, ({ header }) => header({ typ: 'JWT' })],
  ['no typ', OTHER_TYPE, ({ header }) => header({ typ: undefined })],
  // RFC 2045, section 5.1: of an identity provider, the same type.
  ['typ in upper case', TAKEN, (forge) => forge.header({ typ: typ(forge).toUpperCase() })],
  ['typ with a blank behind', OTHER_TYPE, (forge) => forge.header({ typ: `${typ(forge)} ` })],
  // RFC 7515, section 4.1.9: the same type.
  ['typ with application/', TAKEN, (forge) => forge.header({ typ: `application/${typ(forge)}` })],
  ['typ as a list', INVALID, (forge) => forge.header({ typ: [typ(forge)] })],
  ['typ null', INVALID, ({ header }) => header({ typ: null })],
  ['typ empty', OTHER_TYPE, ({ header }) => header({ typ: '' })],
  ['typ of an id token', OTHER_TYPE, ({ header }) => header({ typ: 'id_token+jwt' })],
  ['typ of a logout token', OTHER_TYPE, ({ header }) => header({ typ: 'logout+jwt' })],
  ['typ of a DPoP proof', OTHER_TYPE, ({ header }) => header({ typ: 'dpop+jwt' })],
  ['typ of a security event', OTHER_TYPE, ({ header }) => header({ typ: 'secevent+jwt' })],
  ['typ of an introspection', OTHER_TYPE, ({ header }) => header({ typ: 'token-introspection+jwt' })],
  ['cty JWT', TAKEN, ({ header }) => header({ cty: 'JWT' })],
  ['an unknown crit', INVALID, ({ header }) => header({ crit: ['x'], x: 1 })],
  ['crit of a known member', INVALID, ({ header }) => header({ crit: ['exp'] })],
  ['an empty crit', INVALID, ({ header }) => header({ crit: [] })],
  ['crit as text', INVALID, ({ header }) => header({ crit: 'alg' })],
  ['crit null', INVALID, ({ header }) => header({ crit: null })],
  ['b64 false without crit', INVALID, ({ header }) => header({ b64: false })],
  ['b64 true', INVALID, ({ header }) => header({ b64: true, crit: ['b64'] })],
  ['zip', TAKEN, ({ header }) => header({ zip: 'DEF' })],
  ['enc', TAKEN, ({ header }) => header({ enc: 'A256GCM' })],
  ['an empty object', INVALID, () => ({})],
  ['a list', INVALID, ({ header }) => [header()]],
  ['null', INVALID, () => 'null'],
  ['a text', INVALID, () => '"ES256"'],
  ['no JSON', INVALID, () => 'alg=ES256'],
]

export const wordings: readonly Attack[] = asTokens(
  'wordings of headers',
  WORDINGS.map(
    ([name, oidc, head]): TokenLine => [
      name,
      { enterprise: 'HEADER_UNKNOWN', access: 'HEADER_UNKNOWN', oidc },
      (forge) => mint(head(forge), forge.claims(), forge.key),
    ],
  ),
)
