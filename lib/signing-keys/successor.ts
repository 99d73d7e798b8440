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
import { type StandingOptions, standingIn } from './standing.ts'

export interface RingHistory extends KeyRing {
  /** The ring that was in force before this one; undefined where none ever was. */
  readonly former: SigningKeySecret | undefined
  /** Somebody has emptied the published set: `jwks` is what was published before. */
  readonly isEmptied: boolean
}

/** Where nothing was ever in force, no verifier holds an older set, and the first keys may sign at once. */
const isFirst = ({ signingKey, jwks, former }: RingHistory): boolean =>
  former === undefined && signingKey.keys.length === 0 && jwks.keys.length === 0

/**
 * The private ring after this one. The first row that fits decides. Sound and ripe are what `Standing` says.
 *
 * | now                                                      | active           | next     |
 * |----------------------------------------------------------|------------------|----------|
 * | nothing was ever in force                                | new, at once     | new      |
 * | next is ripe                                             | next             | new      |
 * | active and next are sound, and something is to be mended | as it is         | as it is |
 * | active and next are sound                                | refused: too early |        |
 * | active is sound                                          | as it is         | new      |
 * | active is revoked, next is sound                         | next, at once    | new      |
 * | a key of the former ring is ripe, or signs at once       | that one         | new      |
 * | active is revoked                                        | new, at once     | new      |
 * | next is sound                                            | next             | new      |
 * | nothing is of use                                        | new              | new      |
 *
 * An active key that is not ripe, and not marked to sign at once, signs as soon as it is (`keyThatSigns`): until then issuing
 * answers 503. Where a key signs at once, verifiers with an older copy of the ring refuse it until they read again.
 * To be mended are an emptied set, published keys that are revoked, and a `publishedAt` still to come.
 * Throws ROTATION_REFUSED where the table says so.
 */
export const successorOf = async (
  history: RingHistory,
  options: StandingOptions,
): Promise<SigningKeySecret> => {
  const { signingKey, former } = history
  const standing = standingIn(history.jwks, options)
  const [active, next] = [keyIn(signingKey, 'active'), keyIn(signingKey, 'next')]
  const [ofActive, ofNext] = [standing(active), standing(next)]
  const reserve = [keyIn(former, 'active'), keyIn(former, 'next')].find(
    (key) => standing(key).isRipe || (standing(key).isSound && key?.signsAtOnce === true),
  )

  if (isFirst(history)) return firstSigningKey()
  if (next !== undefined && ofNext.isRipe) return followedUp(next)
  if (active !== undefined && ofActive.isSound) {
    if (!ofNext.isSound) return { keys: [active, await newKey('next')] }
    if (isToBeMended(history, options)) return signingKey
    throw tooEarly(options)
  }
  if (next !== undefined && ofActive.isRevoked && ofNext.isSound) return followedUp(atOnce(next))
  if (reserve !== undefined) return followedUp(reserve)
  if (ofActive.isRevoked) return firstSigningKey()
  return followedUp(next !== undefined && ofNext.isSound ? next : await newKey('active'))
}

const isToBeMended = ({ jwks, isEmptied }: RingHistory, { ends, now }: StandingOptions): boolean =>
  isEmptied ||
  jwks.keys.some(({ kid, publishedAt }) => ends.get(kid) === REVOKED || publishedAt > epochSeconds(now))

const followedUp = async (key: PrivateJwk): Promise<SigningKeySecret> => ({
  keys: [{ ...key, state: 'active' }, await newKey('next')],
})

const atOnce = (key: PrivateJwk): PrivateJwk => ({ ...key, signsAtOnce: true })

const tooEarly = ({ leadSeconds = PUBLICATION_LEAD_SECONDS }: StandingOptions): BridgeError =>
  new BridgeError(
    'ROTATION_REFUSED',
    `expected the next key to have been public for ${leadSeconds} s: rotate later`,
  )
