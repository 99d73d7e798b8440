/** Verification of an identity provider's tokens, by the issuers that the callers secret lists and nothing of the token's. */

import type { Deadline } from '../concurrency/deadline.ts'
import { type CompactToken, claimsIn, jsonIn } from '../jwt/compact.ts'
import { CLOCK_TOLERANCE_SECONDS } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { signedPayload } from '../jwt/signature.ts'
import { type UserIdSettings, UserName, userId } from '../schemas/ids.ts'
import type { Issuer } from '../schemas/issuers.ts'
import { faultyField } from '../schemas/issues.ts'
import { OidcClaims, OidcHeader } from '../schemas/oidc.ts'
import type { ProviderKeys } from './provider-keys.ts'

export interface OidcDeps {
  readonly keys: ProviderKeys
  readonly now: () => Date
  /** What a userId may look like; a claim that does not fit is refused, never folded. */
  readonly userIds: UserIdSettings
}

/** Whom a good token stands for. A back end has neither userId nor userName. */
export interface OidcHolder {
  readonly entry: Issuer
  readonly tenantSpaceId: string
  readonly user: { readonly userId: string; readonly userName: string } | undefined
  /** Epoch seconds. */
  readonly expiresAt: number
}

const refused = refusals('OIDC')

/** RFC 9068, section 2.1; exactly as it is written there. */
const ACCESS_TOKEN_TYPES: readonly (string | undefined)[] = ['at+jwt', 'application/at+jwt']
const ID_TOKEN_TYPES: readonly (string | undefined)[] = ['JWT', undefined]

/** A token that says it is of one of `entries`, all of one issuer. */
export interface PresentedOidcToken {
  readonly token: CompactToken
  readonly entries: readonly [Issuer, ...Issuer[]]
  /** Is told the token's entry once its signature and audience hold: also of one that is then refused. */
  readonly onSigned?: (entry: Issuer) => void
}

/**
 * Gives whom a good token stands for: header, signature, claims, audience, times, tenant, subject, in this order. Does
 * not ask whether the user is known. Throws the OIDC_… codes, and what `keys` throws.
 */
export const oidcVerifier =
  ({ keys, now, userIds }: OidcDeps) =>
  async (
    { token, entries, onSigned = () => undefined }: PresentedOidcToken,
    deadline: Deadline,
  ): Promise<OidcHolder> => {
    const [{ issuer }] = entries
    const { alg, kid, typ } = headerOf(token)
    const isIdToken = ID_TOKEN_TYPES.includes(typ)
    if (!isIdToken && !ACCESS_TOKEN_TYPES.includes(typ)) throw refused('TYPE_REFUSED', 'expected typ at+jwt')
    const key = await keys(issuer, { kid, alg }, deadline)
    if (key === undefined) throw refused('KEY_UNKNOWN', "expected a key of the issuer's set")
    const payload = await signedPayload(token, { key, algorithm: alg }, refused)
    const claims = claimsIn(payload, OidcClaims, refused)
    if (claims.iss !== issuer) throw refused('CLAIMS_INVALID', 'expected the issuer as iss', { field: 'iss' })
    const entry = entryFor(claims, entries)
    onSigned(entry)
    if (isIdToken) checkIdToken(claims, entry)
    checkTimes(claims, now)
    return {
      entry,
      tenantSpaceId: tenantIn(claims, entry),
      user: userIn(claims, entry, userIds),
      expiresAt: Math.floor(claims.exp),
    }
  }

const headerOf = ({ header }: CompactToken): OidcHeader => {
  const result = OidcHeader.safeParse(jsonIn(Buffer.from(header, 'base64url')))
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw refused('HEADER_INVALID', `expected another ${field} in the header`, { field })
}

/** A token for two of our audiences at once would leave open as what it is meant. */
const entryFor = ({ aud }: OidcClaims, entries: readonly Issuer[]): Issuer => {
  const [entry, ...others] = entries.filter(({ audience }) => aud.includes(audience))
  if (entry === undefined || others.length > 0)
    throw refused('AUDIENCE_WRONG', 'expected one configured audience in aud', { field: 'aud' })
  return entry
}

/** OpenID Connect Core 1.0, section 2: `azp` is the client that the token was issued to. */
const checkIdToken = ({ azp = '' }: OidcClaims, entry: Issuer): void => {
  if (entry.kind !== 'user' || !entry.acceptIdTokens)
    throw refused('TYPE_REFUSED', 'expected typ at+jwt', { field: 'typ' })
  if (!entry.clientIds?.includes(azp))
    throw refused('CLIENT_UNKNOWN', 'expected a configured client as azp', { field: 'azp' })
}

/** As for our own tokens, `exp` has no tolerance: a late clock must not lengthen a life. */
const checkTimes = ({ exp, iat, nbf = 0 }: OidcClaims, now: () => Date): void => {
  const at = now().getTime() / 1000
  if (iat > at + CLOCK_TOLERANCE_SECONDS)
    throw refused('ISSUED_AHEAD', 'expected iat in the past', { field: 'iat' })
  if (nbf > at + CLOCK_TOLERANCE_SECONDS)
    throw refused('NOT_YET_VALID', 'expected nbf in the past', { field: 'nbf' })
  if (at >= Math.floor(exp)) throw refused('EXPIRED', 'expected exp in the future', { field: 'exp' })
}

const tenantIn = (claims: OidcClaims, { tenant, tenantClaim = '', tenants = {} }: Issuer): string => {
  if (tenant !== undefined) return tenant
  const named = own(claims, tenantClaim)
  const found = typeof named === 'string' ? own(tenants, named) : undefined
  if (typeof found === 'string') return found
  throw refused('TENANT_UNKNOWN', 'expected a claim that names a configured tenant', { field: tenantClaim })
}

const userIn = (claims: OidcClaims, entry: Issuer, userIds: UserIdSettings): OidcHolder['user'] => {
  if (entry.kind === 'back-end') {
    if (entry.subjects.includes(claims.sub)) return undefined
    throw refused('SUBJECT_UNKNOWN', 'expected a configured back end as sub', { field: 'sub' })
  }
  const { userClaim, userNameClaim } = entry
  const id = userId(userIds).safeParse(own(claims, userClaim))
  if (!id.success) throw refused('USER_INVALID', 'expected a userId as it may be here', { field: userClaim })
  const name = UserName.safeParse(own(claims, userNameClaim))
  if (!name.success)
    throw refused('USER_INVALID', 'expected a userName as it may be here', { field: userNameClaim })
  return { userId: id.data, userName: name.data }
}

/** No claim is called `__proto__`, and no tenant either. */
const own = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined
