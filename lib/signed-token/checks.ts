/** The checks of claims whose signature holds. Each refuses or returns, and finds nothing new. */

import type { Deadline } from '../concurrency/deadline.ts'
import { type Admission, type Admissions, versionOf } from '../directory/directory.ts'
import type { SubjectKind } from '../directory/items.ts'
import { CLOCK_TOLERANCE_SECONDS } from '../jwt/format.ts'
import type { Refuse } from '../jwt/refusal.ts'
import { stillVerifies } from '../signing-keys/key-ring.ts'
import type { Expectation, SharedFault, SignedClaims } from './profile.ts'
import type { TokenNames } from './proof.ts'

/** A token whose signature holds, and what it is held against. */
export interface Claimed {
  readonly claims: SignedClaims
  readonly names: TokenNames
  readonly expected: { readonly audience: Expectation; readonly subject: readonly Expectation[] }
  readonly profile: {
    readonly refuse: Refuse<SharedFault>
    readonly maxLifetimeSeconds: number
    readonly about: SubjectKind
  }
  readonly deps: {
    readonly issuer: string
    readonly now: () => Date
    readonly directory: Admissions
  }
  readonly deadline: Deadline
}

export type Check = (token: Claimed) => void | Promise<void>

/** A check as a step: what passes it goes on as it is. */
export const passing =
  (check: Check) =>
  async <Token extends Claimed>(token: Token): Promise<Token> => {
    await check(token)
    return token
  }

/** A life of at most what the kind may have, which has begun. */
export const lifetime: Check = ({ claims: { iat, exp }, profile: { refuse, maxLifetimeSeconds }, deps }) => {
  if (exp <= iat) throw refuse('CLAIMS_INVALID', 'expected exp after iat', { field: 'exp' })
  if (exp - iat > maxLifetimeSeconds) {
    const expected = `expected a life of at most ${maxLifetimeSeconds} seconds`
    throw refuse('LIFETIME_TOO_LONG', expected, { field: 'exp' })
  }
  if (iat > secondsNow(deps) + CLOCK_TOLERANCE_SECONDS)
    throw refuse('ISSUED_AHEAD', 'expected iat in the past', { field: 'iat' })
}

export const issuer: Check = ({ claims: { iss }, profile: { refuse }, deps }) => {
  if (iss !== deps.issuer) throw refuse('ISSUER_WRONG', 'expected this stage as iss', { field: 'iss' })
}

export const audience: Check = ({ claims, expected }) => checkAll(claims, [expected.audience])

/** No tolerance: a late clock must not lengthen a life. */
export const expiry: Check = ({ claims: { exp }, profile: { refuse }, deps }) => {
  if (secondsNow(deps) >= exp) throw refuse('EXPIRED', 'expected exp in the future', { field: 'exp' })
}

export const subject: Check = ({ claims, expected }) => checkAll(claims, expected.subject)

/**
 * The key is neither revoked nor long retired, the user is known and active, also under the token's name (seed 002: the userName "must exist
 * in the enterprise authentication system"), and neither the token nor all of the user's or tenant's has been revoked.
 * For a just-in-time user the authentication system is the caller, whose word the token carries: the names are not
 * compared, so that two back ends that spell a name differently do not end each other's chats.
 */
export const admission: Check = async ({ claims, names, profile: { refuse, about }, deps, deadline }) => {
  const found = await deps.directory.admission({ ...names, kind: about, ver: claims.ver }, deadline)
  // First: what a revoked key has signed says nothing about anybody.
  if (found.isKeyRevoked) throw refuse('KEY_REVOKED', 'expected a key that was not revoked')
  // Also where jwks was rolled back to a time before that.
  if (!stillVerifies({ verifyUntil: found.keyEndsAt }, deps.now()))
    throw refuse('KEY_RETIRED', 'expected a key that still verifies')
  if (about === 'user') admitted(found, claims, refuse)
  if (found.isTokenRevoked) throw refuse('REVOKED', 'expected a token that was not revoked', { field: 'jti' })
  if (claims.ver !== versionOf(found))
    throw refuse('REVOKED', 'expected the current epochs', { field: 'ver' })
}

/** An agent has no entry: the back end that asked for its token has vouched for it. */
const admitted = ({ user }: Admission, claims: SignedClaims, refuse: Refuse<SharedFault>): void => {
  if (user === undefined) throw refuse('USER_UNKNOWN', 'expected a user of the directory', { field: 'sub' })
  if (user.status !== 'active') throw refuse('USER_INACTIVE', 'expected an active user', { field: 'sub' })
  if (user.justInTime !== true && user.userName !== claims.name)
    throw refuse('USER_UNKNOWN', "expected the directory's name of this user", { field: 'name' })
}

const checkAll = (claims: SignedClaims, expectations: readonly Expectation[]): void => {
  const missed = expectations.find(({ claim, is }) => claims[claim] !== is)
  if (missed !== undefined) throw missed.refusal()
}

const secondsNow = ({ now }: Pick<Claimed['deps'], 'now'>): number => now().getTime() / 1000
