/** Signatures by another algorithm, another key or no key at all: what jwt_tool and its like try. */

import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  type VerifyKeyObjectInput,
} from 'node:crypto'
import { base64url, claims, header } from '../support/mint.ts'
import { goodToken } from '../support/refusals.ts'
import { type Attack, asTokens, type TokenLine } from './attack.ts'
import type { AttackWorld } from './world.ts'

/** A token with good claims, and whatever header and signature. `alg` undefined: the header is the one we emit. */
const unsigned = ({ tokens: { kid } }: AttackWorld, alg: string | undefined): string =>
  `${base64url(alg === undefined ? header(kid) : header(kid, { alg }))}.${base64url(claims())}`

const anySignature = (world: AttackWorld): string => goodToken(world.tokens).split('.')[2] ?? ''

const NONE: readonly TokenLine[] = ['none', 'None', 'NONE', 'nOnE', 'nonE', 'none ', ''].flatMap(
  (alg): TokenLine[] => [
    [`alg "${alg}", no signature`, 'TOKEN_MALFORMED', (world) => `${unsigned(world, alg)}.`],
    [`alg "${alg}", no last dot`, 'TOKEN_MALFORMED', (world) => unsigned(world, alg)],
    [
      `alg "${alg}", a true token's signature`,
      'TOKEN_HEADER_UNKNOWN',
      (world) => `${unsigned(world, alg)}.${anySignature(world)}`,
    ],
    [
      `alg "${alg}", 64 zero bytes`,
      'TOKEN_HEADER_UNKNOWN',
      (world) => `${unsigned(world, alg)}.${'A'.repeat(86)}`,
    ],
  ],
)

const publicKey = ({ tokens }: AttackWorld): KeyObject => createPublicKey(tokens.trueKey)
const pem = (world: AttackWorld): string =>
  publicKey(world).export({ type: 'spki', format: 'pem' }).toString()
const published = ({ tokens, vendors }: AttackWorld): object =>
  vendors.ring.jwks.keys.find(({ kid }) => kid === tokens.kid) ?? {}

/** Everything that a library may take for the text of the public key, and no text at all. */
const HMAC_KEYS: readonly (readonly [name: string, key: (world: AttackWorld) => string | Buffer])[] = [
  ['a blank secret', () => ''],
  ['one NUL', () => '\0'],
  ['"secret"', () => 'secret'],
  ['the public key as PEM', pem],
  ['the public key as PEM without its last line break', (world) => pem(world).trimEnd()],
  ['the public key as PEM with CR LF', (world) => pem(world).replaceAll('\n', '\r\n')],
  ['the public key as DER', (world) => publicKey(world).export({ type: 'spki', format: 'der' })],
  ['the public key as JWK', (world) => JSON.stringify(published(world))],
  ['the public key as JWKS', (world) => JSON.stringify({ keys: [published(world)] })],
  ['the x of the public key', (world) => Buffer.from(world.tokens.publicText, 'base64url')],
  ['the kid', ({ tokens }) => tokens.kid],
]

/** Only HS512's has the length of our signatures. */
const HMACS: readonly TokenLine[] = HMAC_KEYS.flatMap(([name, key]) =>
  (['HS256', 'HS384', 'HS512'] as const).flatMap((alg) =>
    ([alg, undefined] as const).map((claimed): TokenLine => {
      const code = claimed === undefined ? 'TOKEN_SIGNATURE_INVALID' : 'TOKEN_HEADER_UNKNOWN'
      return [
        `${alg} with ${name}${claimed === undefined ? ', our header' : ''}`,
        alg === 'HS512' ? code : 'TOKEN_MALFORMED',
        (world) => {
          const input = unsigned(world, claimed)
          const hmac = createHmac(alg.replace('HS', 'sha'), key(world)).update(input)
          return `${input}.${hmac.digest('base64url')}`
        },
      ]
    }),
  ),
)

/** Keys of the attacker's own. RSA keys are short: only the signature's length matters here. */
const OWN_KEYS: readonly (readonly [
  alg: string,
  bytes: number,
  hash: string | null,
  key: () => KeyObject,
  options?: Omit<VerifyKeyObjectInput, 'key'>,
])[] = [
  ['ES256', 64, 'sha256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ES256K', 64, 'sha256', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
  ['ES384', 96, 'sha384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ES512', 132, 'sha512', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['EdDSA', 64, null, () => generateKeyPairSync('ed25519').privateKey],
  ['RS256', 64, 'sha256', () => generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey],
  ['RS384', 128, 'sha384', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
  [
    'PS256',
    128,
    'sha256',
    () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
    { padding: 6 },
  ],
]

const OTHERS: readonly TokenLine[] = OWN_KEYS.flatMap(([alg, bytes, hash, key, options]) =>
  ([alg, undefined] as const).map((claimed): TokenLine => {
    const isOurs = claimed === undefined || claimed === 'ES256'
    const code = isOurs ? 'TOKEN_SIGNATURE_INVALID' : 'TOKEN_HEADER_UNKNOWN'
    return [
      `${alg} with an own key${claimed === undefined ? ', our header' : ''}`,
      bytes === 64 ? code : 'TOKEN_MALFORMED',
      (world) => {
        const input = unsigned(world, claimed)
        const how = { key: key(), dsaEncoding: 'ieee-p1363', ...options } as const
        return `${input}.${sign(hash, Buffer.from(input), how).toString('base64url')}`
      },
    ]
  }),
)

export const algorithms: readonly Attack[] = asTokens('algorithms', [...NONE, ...HMACS, ...OTHERS])
