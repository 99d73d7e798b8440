/** What can be said of a private key by what is published and by what the directory knows. */

import type { JwksSecret, PrivateJwk, PublicJwk } from '../schemas/key-secrets.ts'
import { type KeyEnds, PUBLICATION_LEAD_SECONDS, REVOKED } from './key-ring.ts'

export interface StandingOptions {
  readonly now: Date
  readonly ends: KeyEnds
  /** How long a key must have been public before it signs, in seconds. Default PUBLICATION_LEAD_SECONDS. */
  readonly leadSeconds?: number | undefined
}

export interface Standing {
  readonly isRevoked: boolean
  /** Public, and neither revoked nor retired. */
  readonly isSound: boolean
  /** Sound, and public for so long that no verifier can be without it. */
  readonly isRipe: boolean
}

/** The published half of this very key. */
export const publishedHalf = ({ keys }: JwksSecret, { kid, x, y }: PrivateJwk): PublicJwk | undefined =>
  keys.find((key) => key.kid === kid && key.x === x && key.y === y)

/** An absent key is nothing of all this. */
export const standingIn =
  (jwks: JwksSecret, { now, ends, leadSeconds = PUBLICATION_LEAD_SECONDS }: StandingOptions) =>
  (key: PrivateJwk | undefined): Standing => {
    if (key === undefined) return { isRevoked: false, isSound: false, isRipe: false }
    const half = publishedHalf(jwks, key)
    const isSound = half !== undefined && half.verifyUntil === undefined && !ends.has(key.kid)
    return {
      isRevoked: ends.get(key.kid) === REVOKED,
      isSound,
      isRipe: isSound && now.getTime() / 1000 - half.publishedAt >= leadSeconds,
    }
  }
