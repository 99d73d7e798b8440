/** What every token of our key ring is held to, whatever its kind, in the one order that gives nothing away. */

import type { Deadline } from '../concurrency/deadline.ts'
import { type Directory, type Subject, versionOf } from '../directory/directory.ts'
import { type CompactToken, compactToken } from '../jwt/compact.ts'
import { ALGORITHM, CLOCK_TOLERANCE_SECONDS, type TokenType } from '../jwt/format.ts'
import type { Refuse } from '../jwt/refusal.ts'
import { signedPayload } from '../jwt/signature.ts'
import { JWKS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { stillVerifies } from '../signing-keys/key-ring.ts'
import { notInitialised, type VerificationKey, verificationKeys } from '../signing-keys/verification-keys.ts'

export interface RingDeps {
  readonly secrets: SecretReader
  readonly directory: Directory
  readonly issuer: string
  readonly now: () => Date
}

/** No token that we can issue is larger. RFC 7518, section 3.4: R and S, 32 bytes each. */
export const RING_TOKEN_LIMITS = { characters: 4608, payloadBytes: 3072, signatureBytes: 64 }

type SignatureFault =
  | 'TOO_LARGE'
  | 'MALFORMED'
  | 'HEADER_UNKNOWN'
  | 'KEY_RETIRED'
  | 'SIGNATURE_INVALID'
  | 'CLAIMS_INVALID'

/** Form, header, signature: the payload of a token of this kind, and the key that signed it. */
export const signedByRing = async (
  deps: Pick<RingDeps, 'secrets' | 'now'>,
  { text, typ }: { readonly text: string; readonly typ: TokenType },
  deadline: Deadline,
  refuse: Refuse<SignatureFault>,
): Promise<{ readonly payload: Uint8Array; readonly kid: string }> => {
  const token = compactToken(text, RING_TOKEN_LIMITS, refuse)
  const key = await keyOf(deps, token, typ, deadline, refuse)
  return { payload: await signedPayload(token, await key.publicKey(), ALGORITHM, refuse), kid: key.kid }
}

const keyOf = async (
  { secrets, now }: Pick<RingDeps, 'secrets' | 'now'>,
  { header }: CompactToken,
  typ: TokenType,
  deadline: Deadline,
  refuse: Refuse<SignatureFault>,
): Promise<VerificationKey> => {
  const find = async (force: boolean) => {
    const { value } = await secrets.read(JWKS, { deadline, force })
    return { isEmpty: value.keys.length === 0, key: verificationKeys(value, typ).get(header) }
  }
  let found = await find(false)
  // Perhaps a newer key than our copy of the ring. Anyone can spend this, so no guarantee rests on it.
  if (found.key === undefined) found = await find(true)
  if (found.isEmpty) throw notInitialised()
  const { key } = found
  if (key === undefined) throw refuse('HEADER_UNKNOWN', 'expected a header that this system emits')
  if (!stillVerifies(key, now())) throw refuse('KEY_RETIRED', 'expected a key that still verifies')
  return key
}

/** Claims that every kind has. */
interface RingClaims {
  readonly iss: string
  readonly iat: number
  readonly exp: number
}

/** A life of at most `maxSeconds`, which has begun, of this stage's making. */
export const checkOrigin = (
  { iss, iat, exp }: RingClaims,
  maxSeconds: number,
  { issuer, now }: Pick<RingDeps, 'issuer' | 'now'>,
  refuse: Refuse<'CLAIMS_INVALID' | 'LIFETIME_TOO_LONG' | 'ISSUED_AHEAD' | 'ISSUER_WRONG'>,
): void => {
  if (exp <= iat) throw refuse('CLAIMS_INVALID', 'expected exp after iat', { field: 'exp' })
  if (exp - iat > maxSeconds) {
    throw refuse('LIFETIME_TOO_LONG', `expected a life of at most ${maxSeconds} seconds`, { field: 'exp' })
  }
  if (iat > now().getTime() / 1000 + CLOCK_TOLERANCE_SECONDS)
    throw refuse('ISSUED_AHEAD', 'expected iat in the past', { field: 'iat' })
  if (iss !== issuer) throw refuse('ISSUER_WRONG', 'expected this stage as iss', { field: 'iss' })
}

export const checkExpiry = (
  { exp }: Pick<RingClaims, 'exp'>,
  now: () => Date,
  refuse: Refuse<'EXPIRED'>,
): void => {
  if (now().getTime() / 1000 >= exp) throw refuse('EXPIRED', 'expected exp in the future', { field: 'exp' })
}

/**
 * The key is not revoked, the user is known and active, also under the token's name (seed 002: the userName "must exist in the enterprise
 * authentication system"), and neither the token nor all of the user's or tenant's has been revoked. For a just-in-time user the
 * authentication system is the caller, whose word the token carries: the names are not compared, so that two back ends that
 * spell a name differently do not end each other's chats.
 */
export const checkAdmission = async (
  {
    ver,
    name,
    ...asked
  }: Subject & {
    readonly name: string
    readonly jti: string
    readonly ver: string
    readonly kid: string
  },
  directory: Directory,
  deadline: Deadline,
  refuse: Refuse<'KEY_REVOKED' | 'USER_UNKNOWN' | 'USER_INACTIVE' | 'REVOKED'>,
): Promise<void> => {
  const admission = await directory.admission(asked, deadline)
  // First: what a revoked key has signed says nothing about anybody.
  if (admission.isKeyRevoked) throw refuse('KEY_REVOKED', 'expected a key that was not revoked')
  if (admission.user === undefined)
    throw refuse('USER_UNKNOWN', 'expected a user of the directory', { field: 'sub' })
  if (admission.user.status !== 'active')
    throw refuse('USER_INACTIVE', 'expected an active user', { field: 'sub' })
  if (admission.user.justInTime !== true && admission.user.userName !== name)
    throw refuse('USER_UNKNOWN', "expected the directory's name of this user", { field: 'name' })
  if (admission.isTokenRevoked)
    throw refuse('REVOKED', 'expected a token that was not revoked', { field: 'jti' })
  if (ver !== versionOf(admission)) throw refuse('REVOKED', 'expected the current epochs', { field: 'ver' })
}
