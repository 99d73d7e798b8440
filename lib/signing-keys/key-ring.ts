/** The key ring: one `active` key signs, one `next` key is public before it does, retired ones still verify. */

import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { CLOCK_TOLERANCE_SECONDS, JWKS_MAX_AGE_SECONDS, MAX_LIFETIME_SECONDS } from '../jwt/format.ts'
import type { JwksSecret, PrivateJwk, PublicJwk, SigningKeySecret } from '../schemas/key-secrets.ts'
import { SECRET_LIMITS } from '../secrets/freshness.ts'

export interface KeyRing {
  readonly signingKey: SigningKeySecret
  readonly jwks: JwksSecret
}

/** How long any sandbox may go on with an old copy of a secret. */
const SLOWEST_CACHE_SECONDS = SECRET_LIMITS.maxAgeSeconds + SECRET_LIMITS.maxStaleSeconds

/** How long a key must have been public before it may sign: no verifier, ours or another, can then be without it. */
export const PUBLICATION_LEAD_SECONDS =
  SLOWEST_CACHE_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS + JWKS_MAX_AGE_SECONDS

/** How long a key verifies after another has become active: until the last token of the slowest issuer is dead. */
const RETIREMENT_SECONDS = SLOWEST_CACHE_SECONDS + MAX_LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS

/** A new ES256 key. Its kid is its RFC 7638 thumbprint: two keys never share one, and nothing has to be counted. */
export const newKey = async (state: PrivateJwk['state']): Promise<PrivateJwk> => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '', d = '' } = await exportJWK(privateKey)
  const members = { kty: 'EC', crv: 'P-256', x, y } as const
  return { ...members, d, kid: await calculateJwkThumbprint(members), state }
}

/** Both values of a ring that has no keys yet: an active key that may sign at once, and its successor. */
export const firstKeyRing = async (now: Date): Promise<KeyRing> => {
  const signingKey = await firstSigningKey()
  return { signingKey, jwks: withPublished({ keys: [] }, signingKey, now) }
}

export const firstSigningKey = async (): Promise<SigningKeySecret> => ({
  keys: [await newKey('active'), await newKey('next')],
})

/** The published keys without those that are revoked: no waiting for tokens that are refused already. */
export const withoutRevoked = (jwks: JwksSecret, revoked: ReadonlySet<string>): JwksSecret => ({
  keys: jwks.keys.filter(({ kid }) => !revoked.has(kid)),
})

/** The published keys, with the public parts of `signingKey` that were missing. Takes nothing away. */
export const withPublished = (jwks: JwksSecret, signingKey: SigningKeySecret, now: Date): JwksSecret => {
  const known = new Set(jwks.keys.map(({ kid }) => kid))
  const added = signingKey.keys.filter(({ kid }) => !known.has(kid))
  const publishedAt = epochSeconds(now)
  return {
    keys: [...jwks.keys, ...added.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, publishedAt }))],
  }
}

/**
 * With keys that no ring holds retired: a rotation that was given up leaves a new one behind, one that stopped after
 * its last step an old one whose tokens still live.
 */
export const withOrphansRetired = (
  jwks: JwksSecret,
  rings: readonly SigningKeySecret[],
  now: Date,
): JwksSecret => {
  const held = new Set(rings.flatMap(({ keys }) => keys.map(({ kid }) => kid)))
  const retiresAt = epochSeconds(now) + RETIREMENT_SECONDS
  return {
    keys: jwks.keys
      .map((key) => (held.has(key.kid) ? key : { ...key, verifyUntil: key.verifyUntil ?? retiresAt }))
      .filter((key) => stillVerifies(key, now)),
  }
}

/**
 * The published keys once `signingKey` is in force: those that left it retire, those whose tokens are all dead go.
 * A key that is in force again, as after a roll-back, is no longer retired.
 */
export const withRetired = (jwks: JwksSecret, signingKey: SigningKeySecret, now: Date): JwksSecret => {
  const inForce = new Set(signingKey.keys.map(({ kid }) => kid))
  const retiresAt = epochSeconds(now) + RETIREMENT_SECONDS
  const judged = ({ verifyUntil, ...key }: PublicJwk): PublicJwk =>
    inForce.has(key.kid) ? key : { ...key, verifyUntil: verifyUntil ?? retiresAt }
  return { keys: jwks.keys.map(judged).filter((key) => stillVerifies(key, now)) }
}

/** A retired key verifies until its last possible token is dead; the clock decides, not the next rotation. */
export const stillVerifies = ({ verifyUntil }: Pick<PublicJwk, 'verifyUntil'>, now: Date): boolean =>
  verifyUntil === undefined || now.getTime() < verifyUntil * 1000

const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)
