/** Signatures of the right algorithm that are numbers out of range, in another form, or somebody else's. */

import { sign } from 'node:crypto'
import {
  base64url,
  mint,
  P256_ORDER as N,
  signatureOf,
  signatureTwin,
  withSignature,
} from '../support/mint.ts'
import type { Attack } from './attack.ts'
import { asTokens, type Fault, type Forge, forgeOf, TAKEN, TOKEN_KINDS, type TokenLine } from './kinds.ts'
import { routeOf } from './routes.ts'
import { REVOKED_JTI } from './world.ts'

const THEME = 'signatures'

const INVALID = 'SIGNATURE_INVALID'
/** A provider may have keys of any length: there the signature itself says no. */
const LENGTH: Fault = { enterprise: 'MALFORMED', agent: 'MALFORMED', access: 'MALFORMED', oidc: INVALID }

const unsigned = ({ header, claims }: Forge): string => `${base64url(header())}.${base64url(claims())}`

const MAX = 2n ** 256n - 1n

/** "Psychic signatures" (CVE-2022-21449) and their relatives: numbers outside 1 to n − 1, or not the signer's. */
const NUMBERS: readonly (readonly [string, (r: bigint, s: bigint) => readonly [bigint, bigint]])[] = [
  ['r = 0, s = 1', () => [0n, 1n]],
  ['r = 1, s = 0', () => [1n, 0n]],
  ['r = s = 1', () => [1n, 1n]],
  ['r = s = n', () => [N, N]],
  ['r = n', (_, s) => [N, s]],
  ['s = n', (r) => [r, N]],
  ['r = 0', (_, s) => [0n, s]],
  ['s = 0', (r) => [r, 0n]],
  ['r = n − 1, s = n − 1', () => [N - 1n, N - 1n]],
  ['all bits set', () => [MAX, MAX]],
  ['n − r in place of r', (r, s) => [N - r, s]],
  ['r and s exchanged', (r, s) => [s, r]],
]

/** DER has no fixed length; this is what a library that takes both would look for. */
const derOf = ({ key }: Forge, input: string): Buffer =>
  sign('sha256', Buffer.from(input), { key, dsaEncoding: 'der' })

const withBytes = (token: string, change: (bytes: Buffer) => Buffer): string => {
  const dot = token.lastIndexOf('.') + 1
  return token.slice(0, dot) + change(Buffer.from(token.slice(dot), 'base64url')).toString('base64url')
}

const SIGNATURES: readonly TokenLine[] = [
  ...NUMBERS.map(
    ([name, change]): TokenLine => [
      name,
      INVALID,
      ({ good }) => {
        const token = good()
        const { r, s } = signatureOf(token)
        return withSignature(token, ...change(r, s))
      },
    ],
  ),
  ...(
    [
      ['a true signature in DER', LENGTH, (der: Buffer) => der],
      ['a true signature in DER, cut to 64 bytes', INVALID, (der: Buffer) => der.subarray(0, 64)],
    ] as const
  ).map(
    ([name, code, change]): TokenLine => [
      name,
      code,
      (forge) => {
        const input = unsigned(forge)
        return `${input}.${change(derOf(forge, input)).toString('base64url')}`
      },
    ],
  ),
  ...(
    [
      ['63 bytes', (bytes: Buffer) => bytes.subarray(0, 63)],
      ['65 bytes, a zero in front', (bytes: Buffer) => Buffer.concat([Buffer.alloc(1), bytes])],
      ['96 bytes, padded', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(32)])],
      ['twice', (bytes: Buffer) => Buffer.concat([bytes, bytes])],
    ] as const
  ).map(
    ([name, change]): TokenLine => [
      `a true signature, ${name}`,
      LENGTH,
      ({ good }) => withBytes(good(), change),
    ],
  ),
  ...['sha384', 'sha512', 'sha1'].map(
    (hash): TokenLine => [
      `signed by the true key over ${hash}`,
      INVALID,
      (forge) => {
        const input = unsigned(forge)
        const how = { key: forge.key, dsaEncoding: 'ieee-p1363' } as const
        return `${input}.${sign(hash, Buffer.from(input), how).toString('base64url')}`
      },
    ],
  ),
  ["another true token's signature", INVALID, (forge) => `${unsigned(forge)}.${forge.good().split('.')[2]}`],
  ['s replaced by n − s: the same token, accepted', TAKEN, ({ good }) => signatureTwin(good())],
]

/** The revocation is the fault: its twin is the same n − s over a living jti. */
const revoked: readonly Attack[] = asTokens(THEME, [
  [
    's replaced by n − s, the jti revoked',
    { enterprise: 'REVOKED', agent: 'REVOKED', access: 'REVOKED' },
    ({ header, claims, key }) => signatureTwin(mint(header(), claims({ jti: REVOKED_JTI }), key)),
  ],
]).map((attack) => ({
  ...attack,
  twin: (world) => {
    const name = attack.route === TOKEN_KINDS.access.route ? 'access' : 'enterprise'
    return TOKEN_KINDS[name].put(
      routeOf(attack.route).good(world),
      signatureTwin(forgeOf(name, world).good()),
    )
  },
}))

export const signatures: readonly Attack[] = [...asTokens(THEME, SIGNATURES), ...revoked]
