/** Headers that bring or name a key, ask for something, or say the same in other words; all but a few over a true signature. */

import { createPublicKey, type KeyObject } from 'node:crypto'
import { base64url, claims, header, mint } from '../support/mint.ts'
import { goodToken } from '../support/refusals.ts'
import { type Attack, asTokens, type TokenLine } from './attack.ts'
import { type AttackWorld, PROTOTYPE_NAMES } from './world.ts'

const UNKNOWN = 'TOKEN_HEADER_UNKNOWN'

const signedBy = (key: KeyObject, head: object | string): string => mint(head, claims(), key)
const truly =
  (head: (world: AttackWorld) => object | string) =>
  (world: AttackWorld): string =>
    signedBy(world.tokens.trueKey, head(world))

const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' })
/** An address that answers, and counts who calls: nobody may. */
const url = ({ vendors }: AttackWorld, path: string): string => `${vendors.vendors.cec.url}/${path}`

/** Signed by the attacker's own key, which the header brings or says where to find. */
const BROUGHT: readonly (readonly [string, (world: AttackWorld) => Record<string, unknown>])[] = [
  ['jwk', ({ tokens }) => ({ jwk: jwkOf(tokens.foreignKey) })],
  ['jwk with our kid', ({ tokens }) => ({ jwk: { ...jwkOf(tokens.foreignKey), kid: tokens.kid } })],
  ['jwk with the private part', ({ tokens }) => ({ jwk: tokens.foreignKey.export({ format: 'jwk' }) })],
  ['jku', (world) => ({ jku: url(world, 'jwks.json') })],
  [
    'jku of our own issuer with another host behind @',
    (world) => ({ jku: `${world.tokens.issuer}@${url(world, '')}` }),
  ],
  ['jku of a metadata service', () => ({ jku: 'http://169.254.169.254/latest/meta-data/' })],
  ['jku of a file', () => ({ jku: 'file:///etc/passwd' })],
  ['x5u', (world) => ({ x5u: url(world, 'cert.pem') })],
  [
    'x5c',
    ({ tokens }) => ({
      x5c: [createPublicKey(tokens.foreignKey).export({ type: 'spki', format: 'der' }).toString('base64')],
    }),
  ],
  ['x5t and x5t#S256', () => ({ x5t: 'A'.repeat(27), 'x5t#S256': 'A'.repeat(43) })],
  ['iss and aud in the header', ({ tokens }) => ({ iss: tokens.issuer, aud: 'urn:cec:202007159031' })],
]

const KIDS: readonly (readonly [string, (kid: string) => unknown])[] = [
  ['a path', () => '../../../../../../dev/null'],
  ['a path of Windows', () => '..\\..\\windows\\win.ini'],
  ['a path of the process', () => '/proc/sys/kernel/randomize_va_space'],
  ['SQL', () => "x' UNION SELECT 'AAAA';--"],
  ['SQL that is always true', (kid) => `${kid}' OR '1'='1`],
  ['a command', () => '|/usr/bin/id'],
  ['a command in a name', (kid) => `${kid};$(id)`],
  ['a template', () => '{{7*7}}${7*7}'],
  ['LDAP', () => '*)(uid=*))(|(uid=*'],
  ['an address', () => 'http://169.254.169.254/'],
  ['empty', () => ''],
  ['a blank', () => ' '],
  ['2,000 characters', () => 'A'.repeat(2000)],
  ['NUL behind it', (kid) => `${kid}\0`],
  ['a blank behind it', (kid) => `${kid} `],
  ['lower case', (kid) => `${kid.toLowerCase()}~`],
  ['a list', (kid) => [kid]],
  ['an object', (kid) => ({ kid })],
  ['a number', () => 0],
  ['null', () => null],
  ['true', () => true],
  ...PROTOTYPE_NAMES.map((name) => [name, () => name] as const),
]

/** The same header in other words: equal as JSON, or to a reader that is not strict. */
const WORDINGS: readonly (readonly [string, (kid: string) => string | object])[] = [
  ['members in another order', (kid) => ({ typ: 'cec-enterprise+jwt', alg: 'ES256', kid })],
  ['blanks between members', (kid) => JSON.stringify(header(kid), null, 1)],
  ['a line break behind', (kid) => `${JSON.stringify(header(kid))}\n`],
  ['NUL behind', (kid) => `${JSON.stringify(header(kid))}\0`],
  ['a byte order mark in front', (kid) => `\ufeff${JSON.stringify(header(kid))}`],
  ['an escaped member name', (kid) => JSON.stringify(header(kid)).replace('alg', '\\u0061lg')],
  ['an escaped slash in typ', (kid) => JSON.stringify(header(kid)).replace('+jwt', '\\u002bjwt')],
  ['alg twice, none first', (kid) => JSON.stringify(header(kid)).replace('{', '{"alg":"none",')],
  ['alg twice, none last', (kid) => JSON.stringify(header(kid)).replace('}', ',"alg":"none"}')],
  ['kid twice', (kid) => JSON.stringify(header(kid)).replace('{', '{"kid":"x",')],
  ['an unknown member', (kid) => header(kid, { x: 1 })],
  ['__proto__ as a member', (kid) => JSON.stringify(header(kid)).replace('{', '{"__proto__":{},')],
  ['constructor as a member', (kid) => header(kid, { constructor: 1 })],
  ['alg in lower case', (kid) => header(kid, { alg: 'es256' })],
  ['alg as a list', (kid) => header(kid, { alg: ['ES256'] })],
  ['typ in upper case', (kid) => header(kid, { typ: 'CEC-ENTERPRISE+JWT' })],
  ['typ with application/', (kid) => header(kid, { typ: 'application/cec-enterprise+jwt' })],
  ['typ of an id token', (kid) => header(kid, { typ: 'id_token+jwt' })],
  ['cty JWT', (kid) => header(kid, { cty: 'JWT' })],
  ['an unknown crit', (kid) => header(kid, { crit: ['x'], x: 1 })],
  ['an empty crit', (kid) => header(kid, { crit: [] })],
  ['crit as text', (kid) => header(kid, { crit: 'alg' })],
  ['b64 false without crit', (kid) => header(kid, { b64: false })],
  ['b64 true', (kid) => header(kid, { b64: true, crit: ['b64'] })],
  ['zip', (kid) => header(kid, { zip: 'DEF' })],
  ['enc', (kid) => header(kid, { enc: 'A256GCM' })],
  ['an empty object', () => ({})],
  ['a list', (kid) => [header(kid)]],
  ['null', () => 'null'],
  ['a text', () => '"ES256"'],
  ['no JSON', () => 'alg=ES256'],
]

const LINES: readonly TokenLine[] = [
  ...BROUGHT.map(
    ([name, members]): TokenLine => [
      `${name}, signed by an own key`,
      UNKNOWN,
      (world) => signedBy(world.tokens.foreignKey, header(world.tokens.kid, members(world))),
    ],
  ),
  ...KIDS.map(
    ([name, kid]): TokenLine => [
      `kid: ${name}`,
      UNKNOWN,
      truly(({ tokens }) => header(tokens.kid, { kid: kid(tokens.kid) })),
    ],
  ),
  ...WORDINGS.map(
    ([name, head]): TokenLine => [`header: ${name}`, UNKNOWN, truly(({ tokens }) => head(tokens.kid))],
  ),
  [
    'header: UTF-16',
    UNKNOWN,
    truly(({ tokens }) => Buffer.from(JSON.stringify(header(tokens.kid)), 'utf16le')),
  ],
  [
    'header of the next key, signed by the active one',
    'TOKEN_SIGNATURE_INVALID',
    (world) => signedBy(world.tokens.trueKey, header(world.next.kid)),
  ],
  [
    'header of the active key, signed by the next one',
    'TOKEN_SIGNATURE_INVALID',
    (world) => signedBy(world.next.key, header(world.tokens.kid)),
  ],
  [
    'a nested token, cty JWT in the outer header',
    UNKNOWN,
    ({ tokens }) => mint(header(tokens.kid, { cty: 'JWT' }), goodToken(tokens), tokens.trueKey),
  ],
  [
    'a nested token behind our header',
    'TOKEN_CLAIMS_INVALID',
    ({ tokens }) => mint(header(tokens.kid), goodToken(tokens), tokens.trueKey),
  ],
  [
    'the payload as its own header',
    UNKNOWN,
    ({ tokens }) => goodToken(tokens).replace(/^[^.]+\.([^.]+)/, '$1.$1'),
  ],
  [
    'the header as its own payload',
    'TOKEN_CLAIMS_INVALID',
    ({ tokens }) => {
      const head = base64url(header(tokens.kid))
      return mint(Buffer.from(head, 'base64url'), Buffer.from(head, 'base64url'), tokens.trueKey)
    },
  ],
]

export const keysAndHeaders: readonly Attack[] = asTokens('keys and headers', LINES)
