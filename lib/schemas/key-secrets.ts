/** The two secrets of the key ring: `<prefix>/signing-key` (private) and `<prefix>/jwks` (public). */

import * as z from 'zod/mini'
import { epochSeconds } from './epoch-seconds.ts'
import { members } from './pasted.ts'
import { flag, numberAsText, oneOf, text } from './setting-types.ts'

const coordinate = text(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url')

const publicMembers = {
  kty: oneOf(['EC']),
  crv: oneOf(['P-256']),
  x: coordinate,
  y: coordinate,
  kid: text(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 base64url characters'),
}

interface Ring {
  readonly keys: readonly { readonly kid: string; readonly state?: string }[]
}

/** Two active keys, or one key twice, leave open who signs: such a ring is refused as a whole. */
const isUnambiguous = ({ keys }: Ring): boolean =>
  new Set(keys.map(({ kid }) => kid)).size === keys.length &&
  ['active', 'next'].every((state) => keys.filter((key) => key.state === state).length <= 1)

const AMBIGUOUS = { path: ['keys'], message: 'expected each kid once, at most one active and one next key' }

const SigningKey = members({
  ...publicMembers,
  d: coordinate,
  state: oneOf(['active', 'next']),
  /** Signs although it has not been public for long: a first key, or one that has to take a dropped one's place. */
  signsAtOnce: z.optional(flag()),
})

const PublishedKey = members({
  ...publicMembers,
  /** When this key was first readable: promotion waits for the slowest cache from here. */
  publishedAt: numberAsText(epochSeconds),
  /** When the last token that this key signed is dead. Only a retired key has it. */
  verifyUntil: z.optional(numberAsText(epochSeconds)),
})

export const SigningKeySecret = members({
  keys: z.array(SigningKey, 'expected a list of keys').check(z.maxLength(2, 'expected at most two keys')),
}).check(z.refine(isUnambiguous, AMBIGUOUS))

export const JwksSecret = members({
  keys: z
    .array(PublishedKey, 'expected a list of keys')
    .check(z.maxLength(100, 'expected at most a hundred keys')),
}).check(z.refine(isUnambiguous, AMBIGUOUS))

export type SigningKeySecret = z.infer<typeof SigningKeySecret>
export type PrivateJwk = SigningKeySecret['keys'][number]
export type JwksSecret = z.infer<typeof JwksSecret>
export type PublicJwk = JwksSecret['keys'][number]
