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

/** From the last token of a retired key to its end. */
const LAST_TOKEN_SECONDS = MAX_LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS

/** How long a key verifies after another has become active: until the last token of the slowest issuer is dead. */
const RETIREMENT_SECONDS = SLOWEST_CACHE_SECONDS + LAST_TOKEN_SECONDS

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
  keys: [{ ...(await newKey('active')), signsAtOnce: true }, await newKey('next')],
})

/** The ring's key in this state. */
export const keyIn = (
  ring: SigningKeySecret | undefined,
  wanted: PrivateJwk['state'],
): PrivateJwk | undefined => ring?.keys.find(({ state }) => state === wanted)

/** The published keys, with the public parts of `signingKey` that were missing. Takes nothing away. */
export const withPublished = (jwks: JwksSecret, signingKey: SigningKeySecret, now: Date): JwksSecret => {
  const known = new Set(jwks.keys.map(({ kid }) => kid))
  const added = signingKey.keys.filter(({ kid }) => !known.has(kid))
  const publishedAt = epochSeconds(now)
  return {
    keys: [...jwks.keys, ...added.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, publishedAt }))],
  }
}

/** The ends that the directory knows, by key id: epoch seconds from which on nothing that the key signed is good, 0 for a revoked key. */
export type KeyEnds = ReadonlyMap<string, number>
export const REVOKED = 0

export interface Publication {
  /** What is published now. */
  readonly jwks: JwksSecret
  /** The ring whose public halves have to be there. */
  readonly ring: SigningKeySecret
  readonly inForce: SigningKeySecret
  readonly ends: KeyEnds
  readonly now: Date
}

/**
 * What has to be published. Revoked and dead keys go. A key that neither `ring` nor `inForce` holds retires: one that was
 * given up, or has left. An end stays as it is, and nothing revives a key: where one in force is called retired and the
 * directory knows nothing of it, it has signed until now, and the later end counts.
 * A `publishedAt` that is still to come counts as now.
 */
export const publication = ({ jwks, ring, inForce, ends, now }: Publication): JwksSecret => {
  const kidsInForce = new Set(inForce.keys.map(({ kid }) => kid))
  const held = new Set([...kidsInForce, ...ring.keys.map(({ kid }) => kid)])
  const retiresAt = epochSeconds(now) + RETIREMENT_SECONDS

  const endOf = ({ kid, verifyUntil }: PublicJwk): number | undefined => {
    if (!held.has(kid)) return verifyUntil ?? ends.get(kid) ?? retiresAt
    if (ends.has(kid)) return ends.get(kid)
    return verifyUntil !== undefined && kidsInForce.has(kid) ? Math.max(verifyUntil, retiresAt) : verifyUntil
  }
  const judged = (key: PublicJwk): PublicJwk => {
    const { verifyUntil: _, ...rest } = key
    const end = endOf(key)
    const publishedAt = Math.min(key.publishedAt, epochSeconds(now))
    return { ...rest, publishedAt, ...(end === undefined ? {} : { verifyUntil: end }) }
  }
  const keys = withPublished(jwks, ring, now).keys.filter(({ kid }) => ends.get(kid) !== REVOKED)
  return { keys: keys.map(judged).filter((key) => stillVerifies(key, now)) }
}

/** A retired key verifies until its last possible token is dead; the clock decides, not the next rotation. */
export const stillVerifies = ({ verifyUntil }: Pick<PublicJwk, 'verifyUntil'>, now: Date): boolean =>
  verifyUntil === undefined || now.getTime() < verifyUntil * 1000

/** Whether a key with this end may still sign, as an issuer with an old copy of the ring does. No token outlives its key. */
export const stillSigns = (end: number | undefined, now: Date): boolean =>
  stillVerifies({ verifyUntil: end === undefined ? undefined : end - LAST_TOKEN_SECONDS }, now)

export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)
