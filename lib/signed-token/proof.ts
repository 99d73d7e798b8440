/** The steps that make claims out of a text. Each needs what the one before has found: none can be left out or moved. */

import type * as z from 'zod/mini'
import type { Deadline } from '../concurrency/deadline.ts'
import { type CompactToken, claimsIn, compactToken } from '../jwt/compact.ts'
import { ALGORITHM, type TokenType } from '../jwt/format.ts'
import type { Refuse } from '../jwt/refusal.ts'
import { signedPayload } from '../jwt/signature.ts'
import { JWKS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { stillVerifies } from '../signing-keys/key-ring.ts'
import { notInitialised, type VerificationKey, verificationKeys } from '../signing-keys/verification-keys.ts'
import type { SharedFault, SignedClaims } from './profile.ts'

/** No token that we can issue is larger. RFC 7518, section 3.4: R and S, 32 bytes each. */
export const SIGNED_TOKEN_LIMITS = { characters: 4608, payloadBytes: 3072, signatureBytes: 64 }

/** What names a token in the log, and in the directory. */
export interface TokenNames {
  readonly jti: string
  readonly kid: string
  readonly tenantSpaceId: string
  readonly userId: string
}

interface Begun {
  readonly text: string
  readonly deadline: Deadline
  readonly deps: { readonly secrets: SecretReader; readonly now: () => Date }
  readonly profile: { readonly typ: TokenType; readonly refuse: Refuse<SharedFault> }
}

export const form = <T extends Begun>(begun: T): T & { readonly token: CompactToken } => ({
  ...begun,
  token: compactToken(begun.text, SIGNED_TOKEN_LIMITS, begun.profile.refuse),
})

type Formed = Begun & { readonly token: CompactToken }

/** The whole header segment is looked up as a string: nothing in it is interpreted. */
export const header = async <T extends Formed>(formed: T): Promise<T & { readonly key: VerificationKey }> => {
  const { deps, deadline, token, profile } = formed
  const find = async (force: boolean) => {
    const { value } = await deps.secrets.read(JWKS, { deadline, force })
    return { isEmpty: value.keys.length === 0, key: verificationKeys(value, profile.typ).get(token.header) }
  }
  let found = await find(false)
  // Perhaps a newer key than our copy of the ring. Anyone can spend this, so no guarantee rests on it.
  if (found.key === undefined) found = await find(true)
  if (found.isEmpty) throw notInitialised()
  const { key } = found
  if (key === undefined) throw profile.refuse('HEADER_UNKNOWN', 'expected a header that this system emits')
  if (!stillVerifies(key, deps.now()))
    throw profile.refuse('KEY_RETIRED', 'expected a key that still verifies')
  return { ...formed, key }
}

type Known = Formed & { readonly key: VerificationKey }

export const signature = async <T extends Known>(known: T): Promise<T & { readonly payload: Uint8Array }> => {
  const verification = { key: await known.key.publicKey(), algorithm: ALGORITHM }
  return { ...known, payload: await signedPayload(known.token, verification, known.profile.refuse) }
}

interface Signed<Claims> {
  readonly payload: Uint8Array
  readonly key: Pick<VerificationKey, 'kid'>
  readonly profile: {
    readonly claims: z.ZodMiniType<Claims>
    readonly refuse: Refuse<SharedFault>
    readonly tenantOf: (claims: Claims) => string
  }
  readonly onSigned: (names: TokenNames, claims: Claims) => void
}

export const claims = <Claims extends SignedClaims, T>(
  signed: T & Signed<Claims>,
): T & { readonly claims: Claims; readonly names: TokenNames } => {
  const { payload, profile, key, onSigned } = signed
  const found = claimsIn(payload, profile.claims, profile.refuse)
  const { jti, sub: userId } = found
  const names = { jti, kid: key.kid, tenantSpaceId: profile.tenantOf(found), userId }
  onSigned(names, found)
  return { ...signed, claims: found, names }
}
