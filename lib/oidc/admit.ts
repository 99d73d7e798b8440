/** What one entry of `issuers` says about a token whose signature holds: whom it stands for, or why it does not. */

import { CLOCK_TOLERANCE_SECONDS } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { isPrefixed } from '../schemas/caller-entry.ts'
import { type UserIdSettings, UserName, userId } from '../schemas/ids.ts'
import type { Requirement } from '../schemas/issuer-members.ts'
import type { Issuer, UserIssuer } from '../schemas/issuers.ts'
import type { OidcClaims } from '../schemas/oidc.ts'
import { derivedUserId } from '../schemas/user-id-form.ts'
import { claimAt, isSaid, tenantNameOf, textOf, textsOf } from './claims.ts'
import { backEndBy, clientOf, noAccessTokenBy, noIdTokenBy } from './token-type.ts'

/** Whom a good token stands for. */
export interface OidcHolder {
  readonly entry: Issuer
  readonly tenantSpaceId: string
  /** Absent for a back end. Without userName where the directory's name is to serve. */
  readonly user: { readonly userId: string; readonly userName?: string } | undefined
  /** Epoch seconds. */
  readonly expiresAt: number
}

/** A token, and what it is held against. */
export interface Signed {
  readonly claims: OidcClaims
  /** What its header says. */
  readonly type: 'access' | 'jwt'
  /** `sub` of each back end that any entry of the issuer lists, also an entry that was left out. */
  readonly backEnds: readonly string[]
  readonly now: Date
  readonly userIds: UserIdSettings
}

const refused = refusals('OIDC')

/** Type, client, claims, times, tenant, subject, in this order. Throws the OIDC_… codes. */
export const admitted = (entry: Issuer, signed: Signed): OidcHolder => {
  const { claims, type, now } = signed
  const isIdToken = type === 'jwt' && entry.tokens === 'rfc9068'
  if (isIdToken) checkIdToken(claims, entry)
  else checkAccessToken(claims, entry)
  checkClient(claims, entry, isIdToken)
  checkClaims(claims, entry)
  checkTimes(claims, entry, now)
  return {
    entry,
    tenantSpaceId: tenantIn(claims, entry),
    user: entry.kind === 'user' ? userIn(entry, signed) : backEndIn(entry, claims),
    expiresAt: Math.floor(claims.exp),
  }
}

const checkIdToken = (claims: OidcClaims, entry: Issuer): void => {
  if (entry.kind !== 'user' || !entry.acceptIdTokens)
    throw refused('TYPE_REFUSED', 'expected typ at+jwt', { field: 'typ' })
  const field = noIdTokenBy(claims)
  if (field !== undefined) throw refused('TYPE_REFUSED', 'expected an ID token', { field })
}

/** A header that says nothing leaves it to the claims: whatever looks like an ID token is refused. */
const checkAccessToken = (claims: OidcClaims, { tokens }: Issuer): void => {
  const field = tokens === 'jwt' ? noAccessTokenBy(claims) : undefined
  if (field !== undefined) throw refused('TYPE_REFUSED', 'expected an access token', { field })
}

/** RFC 7519, section 4.1: to demand one of these tells no access token from an ID token. */
const IN_EVERY_TOKEN = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']

const checkClient = (claims: OidcClaims, entry: Issuer, isIdToken: boolean): void => {
  const { clientIds = [], tokens, audience, clientClaim = 'azp', requiredClaims = {} } = entry
  const client = isIdToken ? clientOfIdToken(claims) : clientOf(claims, entry.clientClaim)
  if (clientIds.length > 0 && !(client !== undefined && clientIds.includes(client)))
    throw refused('CLIENT_UNKNOWN', `expected a configured client as ${clientClaim}`, { field: clientClaim })
  if (tokens !== 'jwt') return
  const isTold = Object.entries(requiredClaims).some(
    ([claim, demanded]) => demanded !== false && !IN_EVERY_TOKEN.includes(claim),
  )
  if (client === undefined && !isTold)
    throw refused('CLIENT_UNKNOWN', 'expected a claim that names the client', { field: clientClaim })
  // The client itself as the audience: that is how ID tokens are.
  const isForClient =
    client !== undefined && (client === audience || (!isTold && claims.aud?.includes(client)))
  if (isForClient) throw refused('TYPE_REFUSED', 'expected an aud that is no client', { field: 'aud' })
}

/** OpenID Connect Core 1.0, section 2: `azp` is the client that the token was issued to; without one, a sole `aud` is. */
const clientOfIdToken = ({ azp, aud = [] }: OidcClaims): string | undefined =>
  azp ?? (aud.length === 1 ? aud[0] : undefined)

const checkClaims = (claims: OidcClaims, { requiredClaims = {} }: Issuer): void => {
  const fault = Object.entries(requiredClaims).find(([claim, demanded]) => !holds(claims, claim, demanded))
  if (fault !== undefined)
    throw refused('CLAIM_REFUSED', 'expected this claim as requiredClaims demands', { field: fault[0] })
}

const holds = (claims: OidcClaims, claim: string, demanded: Requirement): boolean => {
  if (demanded === true) return isSaid(claims, claim)
  if (demanded === false) return claimAt(claims, claim) === undefined
  return textsOf(claims, claim).some((text) => demanded.includes(text))
}

/** As for our own tokens, `exp` has no tolerance: a late clock must not lengthen a life. */
const checkTimes = ({ exp, iat, nbf = 0 }: OidcClaims, { maxAgeSeconds }: Issuer, now: Date): void => {
  const at = now.getTime() / 1000
  if (iat > at + CLOCK_TOLERANCE_SECONDS)
    throw refused('ISSUED_AHEAD', 'expected iat in the past', { field: 'iat' })
  if (nbf > at + CLOCK_TOLERANCE_SECONDS)
    throw refused('NOT_YET_VALID', 'expected nbf in the past', { field: 'nbf' })
  if (at >= Math.floor(exp)) throw refused('EXPIRED', 'expected exp in the future', { field: 'exp' })
  if (at - iat > maxAgeSeconds)
    throw refused('TOO_OLD', 'expected iat within maxAgeSeconds', { field: 'iat' })
}

const tenantIn = (claims: OidcClaims, entry: Issuer): string => {
  const { tenant, tenantClaim = '', tenants = {}, tenantPrefixes = [] } = entry
  if (tenant !== undefined) return tenant
  const named = tenantNameOf(claimAt(claims, tenantClaim))
  const found = named !== undefined && Object.hasOwn(tenants, named) ? tenants[named] : undefined
  if (found !== undefined) return found
  if (named !== undefined && isPrefixed(tenantPrefixes, named)) return named
  throw refused('TENANT_UNKNOWN', 'expected a claim that names a configured tenant', { field: tenantClaim })
}

const backEndIn = ({ subjects }: Extract<Issuer, { kind: 'back-end' }>, { sub }: OidcClaims): undefined => {
  if (subjects.includes(sub)) return undefined
  throw refused('SUBJECT_UNKNOWN', 'expected a configured back end as sub', { field: 'sub' })
}

const userIn = (entry: UserIssuer, { claims, backEnds, userIds }: Signed): OidcHolder['user'] => {
  const field = backEnds.includes(claims.sub) ? 'sub' : backEndBy(claims)
  if (field !== undefined) throw refused('NOT_A_USER', "expected a user's token, not a back end's", { field })
  const { userClaim, userNameClaim, nameFrom } = entry
  const id = userId(userIds).safeParse(idIn(claims, entry))
  if (!id.success) throw refused('USER_INVALID', 'expected a userId as it may be here', { field: userClaim })
  if (nameFrom === 'directory') return { userId: id.data }
  const name = UserName.safeParse(textOf(claimAt(claims, userNameClaim)))
  if (!name.success)
    throw refused('USER_INVALID', 'expected a userName as it may be here', { field: userNameClaim })
  return { userId: id.data, userName: name.data }
}

/** Half a character would be replaced when it is hashed: two ids could become one. */
const idIn = (claims: OidcClaims, { userClaim, userIdForm, issuer }: UserIssuer): string | undefined => {
  const value = textOf(claimAt(claims, userClaim))
  if (userIdForm === 'as-is' || value === undefined) return value
  return value !== '' && value.isWellFormed() ? derivedUserId(issuer, value) : undefined
}
