/** Headers that bring or name a key, ask for something, or say the same in other words; all but a few over a true signature. */

import { createPublicKey, type KeyObject } from 'node:crypto'
import { base64url, mint } from '../support/mint.ts'
import type { Attack } from './attack.ts'
import { asTokens, type Forge, type TokenLine } from './kinds.ts'
import { type AttackWorld, PROTOTYPE_NAMES } from './world.ts'

/** Ours are compared as text, so that every other header is unknown; a provider's are read, and judged by what they say. */
const judged = (oidc: string) => ({
  enterprise: 'HEADER_UNKNOWN',
  agent: 'HEADER_UNKNOWN',
  access: 'HEADER_UNKNOWN',
  oidc,
})
const INVALID = 'HEADER_INVALID'
const FORGED = 'SIGNATURE_INVALID'

const truly =
  (head: (forge: Forge) => object | string) =>
  (forge: Forge): string =>
    mint(head(forge), forge.claims(), forge.key)

const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' })
/** An address that answers, and counts who calls: nobody may. */
const url = ({ vendors }: AttackWorld, path: string): string => `${vendors.vendors.cec.url}/${path}`

/** Signed by the attacker's own key, which the header brings or says where to find. */
const BROUGHT: readonly (readonly [string, string, (forge: Forge) => Record<string, unknown>])[] = [
  ['jwk', INVALID, ({ world }) => ({ jwk: jwkOf(world.tokens.foreignKey) })],
  ['jwk with our kid', INVALID, ({ world, kid }) => ({ jwk: { ...jwkOf(world.tokens.foreignKey), kid } })],
  [
    'jwk with the private part',
    INVALID,
    ({ world }) => ({ jwk: world.tokens.foreignKey.export({ format: 'jwk' }) }),
  ],
  ['jku', INVALID, ({ world }) => ({ jku: url(world, 'jwks.json') })],
  [
    "jku of the rival provider's keys",
    INVALID,
    ({ world }) => ({ jku: `${world.providers.rival.issuer}/jwks` }),
  ],
  [
    'jku of our own issuer with another host behind @',
    INVALID,
    ({ world }) => ({ jku: `${world.tokens.issuer}@${url(world, '')}` }),
  ],
  ['jku of a metadata service', INVALID, () => ({ jku: 'http://169.254.169.254/latest/meta-data/' })],
  ['jku of a file', INVALID, () => ({ jku: 'file:///etc/passwd' })],
  ['x5u', INVALID, ({ world }) => ({ x5u: url(world, 'cert.pem') })],
  [
    'x5c',
    FORGED,
    ({ world }) => ({
      x5c: [
        createPublicKey(world.tokens.foreignKey).export({ type: 'spki', format: 'der' }).toString('base64'),
      ],
    }),
  ],
  ['x5t and x5t#S256', FORGED, () => ({ x5t: 'A'.repeat(27), 'x5t#S256': 'A'.repeat(43) })],
  [
    'iss and aud in the header',
    FORGED,
    ({ world }) => ({ iss: world.tokens.issuer, aud: 'urn:cec:202007159031' }),
  ],
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

/** The key ids that a provider's key may have at all. */
const isPossible = (kid: unknown): boolean => typeof kid === 'string' && kid.length >= 1 && kid.length <= 256

const LINES: readonly TokenLine[] = [
  ...BROUGHT.map(
    ([name, oidc, members]): TokenLine => [
      `${name}, signed by an own key`,
      judged(oidc),
      (forge) => mint(forge.header(members(forge)), forge.claims(), forge.world.tokens.foreignKey),
    ],
  ),
  ...KIDS.map(
    ([name, kid]): TokenLine => [
      `kid: ${name}`,
      judged(isPossible(kid('x')) ? 'KEY_UNKNOWN' : INVALID),
      truly(({ header, kid: known }) => header({ kid: kid(known) })),
    ],
  ),
  [
    'header of the next key, signed by the active one',
    { enterprise: FORGED, agent: FORGED, access: FORGED },
    truly(({ world, header }) => header({ kid: world.next.kid })),
  ],
  [
    'header of the active key, signed by the next one',
    { enterprise: FORGED, agent: FORGED, access: FORGED },
    ({ world, header, claims }) => mint(header(), claims(), world.next.key),
  ],
  ["the kid of the provider's RSA key", { oidc: 'KEY_UNKNOWN' }, (forge) => ofRsaKey(forge)],
  [
    'a retired key',
    { enterprise: 'KEY_RETIRED', agent: 'KEY_RETIRED', access: 'KEY_RETIRED' },
    ({ world: { retired }, header, claims }) => mint(header({ kid: retired.kid }), claims(), retired.key),
  ],
  [
    'a revoked key',
    { enterprise: 'KEY_REVOKED', agent: 'KEY_REVOKED', access: 'KEY_REVOKED' },
    ({ world: { leaked }, header, claims }) => mint(header({ kid: leaked.kid }), claims(), leaked.key),
  ],
  [
    'a nested token, cty JWT in the outer header',
    {
      enterprise: 'HEADER_UNKNOWN',
      agent: 'HEADER_UNKNOWN',
      access: 'CALLER_KIND_REFUSED',
      oidc: 'CALLER_KIND_REFUSED',
    },
    ({ header, good, key }) => mint(header({ cty: 'JWT' }), good(), key),
  ],
  [
    'a nested token behind our header',
    {
      enterprise: 'CLAIMS_INVALID',
      agent: 'CLAIMS_INVALID',
      access: 'CLAIMS_INVALID',
      oidc: 'CALLER_KIND_REFUSED',
    },
    ({ header, good, key }) => mint(header(), good(), key),
  ],
  [
    'the payload as its own header',
    judged(INVALID),
    ({ good }) => good().replace(/^[^.]+\.([^.]+)/, '$1.$1'),
  ],
  [
    'the header as its own payload',
    {
      enterprise: 'CLAIMS_INVALID',
      agent: 'CLAIMS_INVALID',
      access: 'CLAIMS_INVALID',
      oidc: 'CALLER_KIND_REFUSED',
    },
    ({ header, key }) => {
      const head = base64url(header())
      return mint(Buffer.from(head, 'base64url'), Buffer.from(head, 'base64url'), key)
    },
  ],
]

const ofRsaKey = ({ world, header, claims, key }: Forge): string =>
  mint(header({ kid: world.providers.main.rsaKey.kid }), claims(), key)

export const keysAndHeaders: readonly Attack[] = asTokens('keys and headers', LINES)
