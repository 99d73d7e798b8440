/** Which keys sign after a rotation, also when some were revoked, and after somebody's mistake with one of the secrets. */

import { BridgeError } from '../errors.ts'
import type { PrivateJwk, SigningKeySecret } from '../schemas/key-secrets.ts'
import {
  epochSeconds,
  firstSigningKey,
  type KeyRing,
  keyIn,
  newKey,
  PUBLICATION_LEAD_SECONDS,
  REVOKED,
} from './key-ring.ts'
import { type Standing, type StandingOptions, standingIn } from './standing.ts'

export interface RingHistory extends KeyRing {
  /** The ring that was in force before this one; undefined where none ever was. */
  readonly former: SigningKeySecret | undefined
}

/** Where nothing was ever in force, no verifier holds an older set, and the first keys may sign at once. */
export const isFirst = ({ signingKey, jwks, former }: RingHistory): boolean =>
  former === undefined && signingKey.keys.length === 0 && jwks.keys.length === 0

/**
 * The private ring after this one. The first row that fits decides. Sound and ripe are what `Standing` says.
 *
 * | now                                                     | active            | next         |
 * |---------------------------------------------------------|-------------------|--------------|
 * | nothing was ever in force                               | new               | new          |
 * | next is ripe                                            | next              | new          |
 * | active and next are sound, and something is to be mended | as it is         | as it is     |
 * | active and next are sound                               | refused: too early |             |
 * | active is sound                                         | as it is          | new          |
 * | active is revoked, next is sound                        | next, at once     | new          |
 * | a key of the former ring is ripe, or its active one sound while nothing is published | that one | new |
 * | active is revoked                                       | new, at once      | new          |
 * | active is of no use, next is sound                      | none              | as it is     |
 * | next is sound, and alone                                | refused: too early |             |
 * | nothing is of use                                       | none              | new          |
 *
 * A next key that is alone signs as soon as it is ripe (`keyThatSigns`); until then issuing answers 503.
 * To be mended are published keys that are revoked, a `publishedAt` still to come, and an emptied set.
 * Where a key signs at once, verifiers with an older copy of the ring refuse it until they read again.
 * Throws ROTATION_REFUSED where the table says so.
 */
export const successorOf = async (
  history: RingHistory,
  options: StandingOptions,
): Promise<SigningKeySecret> => {
  const { signingKey, jwks, former } = history
  const standing = standingIn(jwks, options)
  const [active, next] = [keyIn(signingKey, 'active'), keyIn(signingKey, 'next')]
  const [ofActive, ofNext] = [standing(active), standing(next)]
  const reserve = formerKey(former, standing, jwks.keys.length === 0)

  if (isFirst(history)) return firstSigningKey()
  if (next !== undefined && ofNext.isRipe) return followedUp(next)
  if (active !== undefined && ofActive.isSound) {
    if (!ofNext.isSound) return { keys: [active, await newKey('next')] }
    if (isToBeMended(history, options)) return signingKey
    throw tooEarly(options)
  }
  if (next !== undefined && ofActive.isRevoked && ofNext.isSound) return followedUp(next)
  if (reserve !== undefined) return followedUp(reserve)
  if (ofActive.isRevoked) return firstSigningKey()
  if (next === undefined || !ofNext.isSound) return { keys: [await newKey('next')] }
  if (active !== undefined) return { keys: [next] }
  throw tooEarly(options)
}

const formerKey = (
  former: SigningKeySecret | undefined,
  standing: (key: PrivateJwk | undefined) => Standing,
  isNothingPublished: boolean,
): PrivateJwk | undefined =>
  [keyIn(former, 'active'), keyIn(former, 'next')].find(
    (key) => standing(key).isRipe || (isNothingPublished && key?.state === 'active' && standing(key).isSound),
  )

const isToBeMended = ({ jwks }: KeyRing, { ends, now }: StandingOptions): boolean =>
  jwks.keys.length === 0 ||
  jwks.keys.some(({ kid, publishedAt }) => ends.get(kid) === REVOKED || publishedAt > epochSeconds(now))

const followedUp = async (key: PrivateJwk): Promise<SigningKeySecret> => ({
  keys: [{ ...key, state: 'active' }, await newKey('next')],
})

const tooEarly = ({ leadSeconds = PUBLICATION_LEAD_SECONDS }: StandingOptions): BridgeError =>
  new BridgeError(
    'ROTATION_REFUSED',
    `expected the next key to have been public for ${leadSeconds} s: rotate later`,
  )
