/** Which keys sign after a rotation, also when some were revoked. */

import { BridgeError } from '../errors.ts'
import type { JwksSecret, PrivateJwk, SigningKeySecret } from '../schemas/key-secrets.ts'
import { firstSigningKey, type KeyRing, newKey, PUBLICATION_LEAD_SECONDS } from './key-ring.ts'

export interface SuccessionOptions {
  readonly now: Date
  /** Those of the ring's and of the published keys that are revoked. */
  readonly revoked: ReadonlySet<string>
  /** How long a key must have been public before it signs, in seconds. Default PUBLICATION_LEAD_SECONDS. */
  readonly leadSeconds?: number | undefined
}

/**
 * The private ring after this one:
 *
 * | revoked            | active             | next             |
 * |--------------------|--------------------|------------------|
 * | (the ring is empty)| new                | new              |
 * | none               | next, once public for `leadSeconds` | new |
 * | active             | next, at once      | new              |
 * | next               | as it is           | new              |
 * | both, or active while next is unpublished or retired | new | new |
 * | a retired key      | as for none; while next is too young, both stay as they are | |
 *
 * Where a key signs at once, verifiers with an older copy of the ring refuse it until they read again.
 * Throws ROTATION_REFUSED while next is too young, unpublished or retired, and nothing is revoked.
 */
export const successorOf = async (ring: KeyRing, options: SuccessionOptions): Promise<SigningKeySecret> => {
  const { signingKey, jwks } = ring
  const { revoked } = options
  if (signingKey.keys.length === 0) return firstSigningKey()
  const active = keyIn(signingKey, 'active')
  const next = keyIn(signingKey, 'next')
  const isNextGood = next !== undefined && !revoked.has(next.kid) && isPublished(next, jwks)
  if (active !== undefined && revoked.has(active.kid))
    return isNextGood ? followedUp(next) : firstSigningKey()
  if (active !== undefined && next !== undefined && revoked.has(next.kid)) {
    return { keys: [active, await newKey('next')] }
  }
  const fault = isNextGood
    ? youthOf(next, jwks, options)
    : 'expected a next key that is published and not retired'
  if (next !== undefined && fault === undefined) return followedUp(next)
  if (revoked.size > 0) return signingKey
  throw new BridgeError('ROTATION_REFUSED', fault ?? 'expected a next key')
}

const keyIn = ({ keys }: SigningKeySecret, wanted: PrivateJwk['state']): PrivateJwk | undefined =>
  keys.find(({ state }) => state === wanted)

const followedUp = async (next: PrivateJwk): Promise<SigningKeySecret> => ({
  keys: [{ ...next, state: 'active' }, await newKey('next')],
})

const isPublished = (key: PrivateJwk, jwks: JwksSecret): boolean =>
  jwks.keys.some(({ kid, verifyUntil }) => kid === key.kid && verifyUntil === undefined)

const youthOf = (
  { kid: wanted }: PrivateJwk,
  { keys }: JwksSecret,
  { now, leadSeconds = PUBLICATION_LEAD_SECONDS }: SuccessionOptions,
): string | undefined => {
  const publishedAt = keys.find(({ kid }) => kid === wanted)?.publishedAt ?? Number.POSITIVE_INFINITY
  return now.getTime() / 1000 - publishedAt < leadSeconds
    ? `expected the next key to have been public for ${leadSeconds} s: rotate later`
    : undefined
}
