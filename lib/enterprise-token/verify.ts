/** Verification of enterprise tokens, in the one order that gives nothing away: form, header, signature, claims, admission. */

import { compactVerify } from 'jose'
import type { Deadline } from '../deadline.ts'
import { type Directory, versionOf } from '../directory/directory.ts'
import { BridgeError } from '../errors.ts'
import { AUDIENCE_PREFIX, EnterpriseTokenClaims } from '../schemas/enterprise-token.ts'
import { faultyField } from '../schemas/issues.ts'
import { JWKS } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { ALGORITHM, CLOCK_TOLERANCE_SECONDS, MAX_LIFETIME_SECONDS } from './format.ts'
import { stillVerifies } from './key-ring.ts'
import { notInitialised, type VerificationKey, verificationKeys } from './verification-keys.ts'

export interface VerifyDeps {
  readonly secrets: SecretReader
  readonly directory: Directory
  readonly issuer: string
  readonly now: () => Date
}

/** What is asked about a token: is it ours, and does it belong to this user of this tenant? */
export interface TokenQuestion {
  readonly token: string
  readonly userId: string
  readonly userName: string
  readonly tenantSpaceId: string
}

/** What names a token in the log, once its signature holds: also of one that is then refused. */
export interface SignedToken {
  readonly jti: string
  readonly kid: string
  readonly tenantSpaceId: string
}

// The largest token that we can issue has about 1,300 characters.
const MAX_TOKEN_CHARACTERS = 4096
const MAX_PAYLOAD_BYTES = 2048
/** RFC 7518, section 3.4: an ES256 signature is R and S, 32 bytes each. */
const SIGNATURE_BYTES = 64

/**
 * Returns for a good token. The same token may be asked about again and again in its life.
 * Throws the TOKEN_… codes, one for each check, and what secrets and directory throw.
 */
export const enterpriseTokenVerifier =
  (deps: VerifyDeps) =>
  async (
    question: TokenQuestion,
    deadline: Deadline,
    onSigned: (token: SignedToken) => void = () => undefined,
  ): Promise<void> => {
    const segments = segmentsOf(question.token)
    const key = await keyOf(deps, segments.header, deadline)
    const payload = await signedPayload(question.token, key)
    const claims = claimsOf(payload)
    onSigned({ jti: claims.jti, kid: key.kid, tenantSpaceId: claims.aud.slice(AUDIENCE_PREFIX.length) })
    checkLife(claims)
    checkIssuerAudienceTimes(claims, question, deps)
    checkSubject(claims, question)
    await checkAdmission(claims, { ...question, kid: key.kid }, deps.directory, deadline)
  }

const refused = (code: TokenCode, expected: string, field?: string): BridgeError =>
  new BridgeError(code, expected, field === undefined ? {} : { detail: { field } })
type TokenCode = Extract<ConstructorParameters<typeof BridgeError>[0], `TOKEN_${string}`>

/** RFC 7515, section 7.1, without what libraries forgive: padding, blanks, unused bits, other alphabets. */
const segmentsOf = (token: string): { header: string } => {
  if (token.length > MAX_TOKEN_CHARACTERS) throw refused('TOKEN_TOO_LARGE', 'expected a shorter token')
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  if (more.length > 0) throw refused('TOKEN_MALFORMED', 'expected three parts')
  const bytes = [header, payload, signature].map(canonicalBytes)
  if (bytes[1] !== undefined && bytes[1].length > MAX_PAYLOAD_BYTES) {
    throw refused('TOKEN_TOO_LARGE', 'expected a shorter payload')
  }
  if (bytes[2]?.length !== SIGNATURE_BYTES)
    throw refused('TOKEN_MALFORMED', 'expected a signature of 64 bytes')
  return { header }
}

const canonicalBytes = (segment: string): Buffer => {
  const bytes = Buffer.from(segment, 'base64url')
  if (segment === '' || bytes.toString('base64url') !== segment) {
    throw refused('TOKEN_MALFORMED', 'expected canonical base64url parts')
  }
  return bytes
}

const keyOf = async (
  { secrets, now }: VerifyDeps,
  header: string,
  deadline: Deadline,
): Promise<VerificationKey> => {
  const find = async (force: boolean) => {
    const { value } = await secrets.read(JWKS, { deadline, force })
    return { isEmpty: value.keys.length === 0, key: verificationKeys(value).get(header) }
  }
  let found = await find(false)
  // Perhaps a newer key than our copy of the ring. Anyone can spend this, so no guarantee rests on it.
  if (found.key === undefined) found = await find(true)
  if (found.isEmpty) throw notInitialised()
  const { key } = found
  if (key === undefined) throw refused('TOKEN_HEADER_UNKNOWN', 'expected a header that this system emits')
  if (!stillVerifies(key, now())) {
    throw refused('TOKEN_KEY_RETIRED', 'expected a key that still verifies')
  }
  return key
}

const signedPayload = async (token: string, key: VerificationKey): Promise<Uint8Array> => {
  const publicKey = await key.publicKey()
  try {
    return (await compactVerify(token, publicKey, { algorithms: [ALGORITHM] })).payload
  } catch (error) {
    throw new BridgeError('TOKEN_SIGNATURE_INVALID', 'expected a signature by the key of the header', {
      cause: error,
    })
  }
}

const claimsOf = (payload: Uint8Array): EnterpriseTokenClaims => {
  const result = EnterpriseTokenClaims.safeParse(jsonOf(payload))
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw refused('TOKEN_CLAIMS_INVALID', `expected claim ${field} as this system issues it`, field)
}

const jsonOf = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload))
  } catch {
    throw refused('TOKEN_CLAIMS_INVALID', 'expected claims as JSON in UTF-8', '(whole)')
  }
}

const checkLife = ({ iat, exp }: EnterpriseTokenClaims): void => {
  if (exp <= iat) throw refused('TOKEN_CLAIMS_INVALID', 'expected exp after iat', 'exp')
  if (exp - iat > MAX_LIFETIME_SECONDS)
    throw refused('TOKEN_LIFETIME_TOO_LONG', 'expected a life of at most an hour', 'exp')
}

const checkIssuerAudienceTimes = (
  claims: EnterpriseTokenClaims,
  { tenantSpaceId }: TokenQuestion,
  { issuer, now }: VerifyDeps,
): void => {
  const at = now().getTime() / 1000
  if (claims.iat > at + CLOCK_TOLERANCE_SECONDS)
    throw refused('TOKEN_ISSUED_AHEAD', 'expected iat in the past', 'iat')
  if (claims.iss !== issuer) throw refused('TOKEN_ISSUER_WRONG', 'expected this stage as iss', 'iss')
  if (claims.aud !== AUDIENCE_PREFIX + tenantSpaceId) {
    throw refused('TOKEN_TENANT_DIFFERS', 'expected the tenant of the request as aud', 'aud')
  }
  if (at >= claims.exp) throw refused('TOKEN_EXPIRED', 'expected exp in the future', 'exp')
}

// Strings are equal code point by code point: nothing is folded or normalised here.
const checkSubject = (claims: EnterpriseTokenClaims, { userId, userName }: TokenQuestion): void => {
  if (claims.sub !== userId)
    throw refused('TOKEN_USER_DIFFERS', 'expected the userId of the request as sub', 'sub')
  if (claims.name !== userName)
    throw refused('TOKEN_NAME_DIFFERS', 'expected the userName of the request as name', 'name')
}

const checkAdmission = async (
  { jti, ver }: EnterpriseTokenClaims,
  { tenantSpaceId, userId, kid }: TokenQuestion & { readonly kid: string },
  directory: Directory,
  deadline: Deadline,
): Promise<void> => {
  const admission = await directory.admission({ tenantSpaceId, userId, jti, kid }, deadline)
  // First: what a revoked key has signed says nothing about anybody.
  if (admission.isKeyRevoked) throw refused('TOKEN_KEY_REVOKED', 'expected a key that was not revoked')
  if (admission.user === undefined)
    throw refused('TOKEN_USER_UNKNOWN', 'expected a user of the directory', 'sub')
  if (admission.user.status !== 'active')
    throw refused('TOKEN_USER_INACTIVE', 'expected an active user', 'sub')
  if (admission.isTokenRevoked) throw refused('TOKEN_REVOKED', 'expected a token that was not revoked', 'jti')
  if (ver !== versionOf(admission)) throw refused('TOKEN_REVOKED', 'expected the current epochs', 'ver')
}
