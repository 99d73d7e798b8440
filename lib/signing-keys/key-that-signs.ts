/** Which key signs, so that nothing is signed that a verifier would refuse. */

import { BridgeError, type ErrorCode } from '../errors.ts'
import type { PrivateJwk } from '../schemas/key-secrets.ts'
import { type KeyRing, keyIn, PUBLICATION_LEAD_SECONDS, stillSigns } from './key-ring.ts'
import { publishedHalf } from './standing.ts'
import { notInitialised } from './verification-keys.ts'

/** Failures that a newer copy of the two secrets may end. */
export const OF_THE_KEY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'KEYS_NOT_INITIALISED',
  'KEY_UNPUBLISHED',
  'KEY_TOO_YOUNG',
  'KEY_RETIRED',
  'KEY_REVOKED',
])

/**
 * The active key, if it has been public for long enough or is marked to sign at once. Throws KEYS_NOT_INITIALISED, KEY_UNPUBLISHED,
 * KEY_TOO_YOUNG with `retryAfterSeconds`, and KEY_RETIRED once a token could outlive the key. Does not know which keys are
 * revoked: the directory does.
 */
export const keyThatSigns = ({ signingKey, jwks }: KeyRing, now: Date): PrivateJwk => {
  const key = keyIn(signingKey, 'active')
  if (key === undefined || jwks.keys.length === 0) throw notInitialised()
  const half = publishedHalf(jwks, key)
  if (half === undefined)
    throw new BridgeError('KEY_UNPUBLISHED', 'expected the signing key in jwks: rotate the signing key')
  if (!stillSigns(half.verifyUntil, now)) throw keyRetired()
  const waitSeconds = key.signsAtOnce === true ? 0 : youthLeft(half.publishedAt, now)
  if (waitSeconds <= 0) return key
  throw new BridgeError('KEY_TOO_YOUNG', 'expected a signing key that every verifier knows: wait', {
    detail: { retryAfterSeconds: waitSeconds },
  })
}

export const keyRetired = (): BridgeError =>
  new BridgeError('KEY_RETIRED', 'expected a signing key that is not retired: rotate the signing key')

const youthLeft = (publishedAt: number, now: Date): number =>
  Math.ceil(PUBLICATION_LEAD_SECONDS - Math.max(0, now.getTime() / 1000 - publishedAt))
