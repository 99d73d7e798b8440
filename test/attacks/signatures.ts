/** Signatures of the right algorithm that are numbers out of range, in another form, or somebody else's. */

import { sign } from 'node:crypto'
import {
  base64url,
  claims,
  header,
  mint,
  P256_ORDER as N,
  signatureOf,
  signatureTwin,
  withSignature,
} from '../support/mint.ts'
import { goodToken, question } from '../support/refusals.ts'
import { type Attack, asTokens, type TokenLine, withBody } from './attack.ts'
import { type AttackWorld, REVOKED_JTI } from './world.ts'

const THEME = 'signatures'

const unsigned = ({ tokens: { kid } }: AttackWorld): string =>
  `${base64url(header(kid))}.${base64url(claims())}`

const anySignature = ({ tokens }: AttackWorld): string => goodToken(tokens).split('.')[2] ?? ''

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
const derOf = ({ tokens }: AttackWorld, input: string): Buffer =>
  sign('sha256', Buffer.from(input), { key: tokens.trueKey, dsaEncoding: 'der' })

const withBytes = (token: string, change: (bytes: Buffer) => Buffer): string => {
  const dot = token.lastIndexOf('.') + 1
  return token.slice(0, dot) + change(Buffer.from(token.slice(dot), 'base64url')).toString('base64url')
}

const SIGNATURES: readonly TokenLine[] = [
  ...NUMBERS.map(
    ([name, change]): TokenLine => [
      name,
      'TOKEN_SIGNATURE_INVALID',
      ({ tokens }) => {
        const token = goodToken(tokens)
        const { r, s } = signatureOf(token)
        return withSignature(token, ...change(r, s))
      },
    ],
  ),
  ...(
    [
      ['a true signature in DER', 'TOKEN_MALFORMED', (der: Buffer) => der],
      [
        'a true signature in DER, cut to 64 bytes',
        'TOKEN_SIGNATURE_INVALID',
        (der: Buffer) => der.subarray(0, 64),
      ],
    ] as const
  ).map(
    ([name, code, change]): TokenLine => [
      name,
      code,
      (world) => {
        const input = unsigned(world)
        return `${input}.${change(derOf(world, input)).toString('base64url')}`
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
      'TOKEN_MALFORMED',
      ({ tokens }) => withBytes(goodToken(tokens), change),
    ],
  ),
  ...['sha384', 'sha512', 'sha1'].map(
    (hash): TokenLine => [
      `signed by the true key over ${hash}`,
      'TOKEN_SIGNATURE_INVALID',
      (world) => {
        const input = unsigned(world)
        const how = { key: world.tokens.trueKey, dsaEncoding: 'ieee-p1363' } as const
        return `${input}.${sign(hash, Buffer.from(input), how).toString('base64url')}`
      },
    ],
  ),
  [
    "another true token's signature",
    'TOKEN_SIGNATURE_INVALID',
    (world) => `${unsigned(world)}.${anySignature(world)}`,
  ],
  [
    's replaced by n − s: the same token, accepted',
    'TOKEN_VALID',
    ({ tokens }) => signatureTwin(goodToken(tokens)),
  ],
]

/** The revocation is the fault: its twin is the same n − s over a living jti. */
const revoked: Attack = {
  theme: THEME,
  attack: 's replaced by n − s, the jti revoked',
  route: 'validate',
  code: 'TOKEN_REVOKED',
  twin: ({ tokens }) => ({ body: question(signatureTwin(goodToken(tokens))) }),
  spoil: (good, { tokens: { kid, trueKey } }) =>
    withBody(good, { Token: signatureTwin(mint(header(kid), claims({ jti: REVOKED_JTI }), trueKey)) }),
}

export const signatures: readonly Attack[] = [...asTokens(THEME, SIGNATURES), revoked]
