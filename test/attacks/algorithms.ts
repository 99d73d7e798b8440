/** Signatures by another algorithm, another key or no key at all: what jwt_tool and its like try. */

import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  type VerifyKeyObjectInput,
} from 'node:crypto'
import { base64url } from '../support/mint.ts'
import type { Attack } from './attack.ts'
import { asTokens, type Fault, type Forge, type TokenLine } from './kinds.ts'

/** A token with good claims, and whatever header and signature. `alg` undefined: the header is the one we emit. */
const unsigned = ({ header, claims }: Forge, alg: string | undefined): string =>
  `${base64url(alg === undefined ? header() : header({ alg }))}.${base64url(claims())}`

const anySignature = ({ good }: Forge): string => good().split('.')[2] ?? ''

/** The length of a signature is ours to say in our own tokens; a provider may have keys of any. */
const SHORT: Fault = { enterprise: 'MALFORMED', agent: 'MALFORMED', access: 'MALFORMED' }
const UNKNOWN: Fault = { enterprise: 'HEADER_UNKNOWN', agent: 'HEADER_UNKNOWN', access: 'HEADER_UNKNOWN' }

const NONE: readonly TokenLine[] = ['none', 'None', 'NONE', 'nOnE', 'nonE', 'none ', ''].flatMap(
  (alg): TokenLine[] => [
    [`alg "${alg}", no signature`, 'FORM', (forge) => `${unsigned(forge, alg)}.`],
    [`alg "${alg}", no last dot`, 'FORM', (forge) => unsigned(forge, alg)],
    [
      `alg "${alg}", a true token's signature`,
      { ...UNKNOWN, oidc: 'HEADER_INVALID' },
      (forge) => `${unsigned(forge, alg)}.${anySignature(forge)}`,
    ],
    [
      `alg "${alg}", 64 zero bytes`,
      { ...UNKNOWN, oidc: 'HEADER_INVALID' },
      (forge) => `${unsigned(forge, alg)}.${'A'.repeat(86)}`,
    ],
  ],
)

const publicKey = ({ key }: Forge): KeyObject => createPublicKey(key)
const pem = (forge: Forge): string => publicKey(forge).export({ type: 'spki', format: 'pem' }).toString()
const published = (forge: Forge) => {
  const { kty, crv, x, y } = publicKey(forge).export({ format: 'jwk' })
  return { kty, crv, x, y, kid: forge.kid, alg: 'ES256', use: 'sig' }
}

/** Everything that a library may take for the text of the public key, and no text at all. */
const HMAC_KEYS: readonly (readonly [name: string, key: (forge: Forge) => string | Buffer])[] = [
  ['a blank secret', () => ''],
  ['one NUL', () => '\0'],
  ['"secret"', () => 'secret'],
  ['the public key as PEM', pem],
  ['the public key as PEM without its last line break', (forge) => pem(forge).trimEnd()],
  ['the public key as PEM with CR LF', (forge) => pem(forge).replaceAll('\n', '\r\n')],
  ['the public key as DER', (forge) => publicKey(forge).export({ type: 'spki', format: 'der' })],
  ['the public key as JWK', (forge) => JSON.stringify(published(forge))],
  ['the public key as JWKS', (forge) => JSON.stringify({ keys: [published(forge)] })],
  ['the x of the public key', (forge) => Buffer.from(published(forge).x ?? '', 'base64url')],
  ['the kid', ({ kid }) => kid],
]

/** Only HS512's has the length of our signatures. */
const HMACS: readonly TokenLine[] = HMAC_KEYS.flatMap(([name, key]) =>
  (['HS256', 'HS384', 'HS512'] as const).flatMap((alg) =>
    ([alg, undefined] as const).map((claimed): TokenLine => {
      const isOurs = claimed === undefined
      const fault = isOurs ? 'SIGNATURE_INVALID' : 'HEADER_UNKNOWN'
      const oidc = isOurs ? 'SIGNATURE_INVALID' : 'HEADER_INVALID'
      return [
        `${alg} with ${name}${isOurs ? ', our header' : ''}`,
        { ...(alg === 'HS512' ? { enterprise: fault, agent: fault, access: fault } : SHORT), oidc },
        (forge) => {
          const input = unsigned(forge, claimed)
          const hmac = createHmac(alg.replace('HS', 'sha'), key(forge)).update(input)
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
    const fault = isOurs ? 'SIGNATURE_INVALID' : 'HEADER_UNKNOWN'
    // The key of that id is for ES256, also where the algorithm is one that providers may use.
    const oidc = isOurs ? fault : ['RS256', 'PS256', 'ES384'].includes(alg) ? 'KEY_UNKNOWN' : 'HEADER_INVALID'
    return [
      `${alg} with an own key${claimed === undefined ? ', our header' : ''}`,
      { ...(bytes === 64 ? { enterprise: fault, agent: fault, access: fault } : SHORT), oidc },
      (forge) => {
        const input = unsigned(forge, claimed)
        const how = { key: key(), dsaEncoding: 'ieee-p1363', ...options } as const
        return `${input}.${sign(hash, Buffer.from(input), how).toString('base64url')}`
      },
    ]
  }),
)

export const algorithms: readonly Attack[] = asTokens('algorithms', [...NONE, ...HMACS, ...OTHERS])
