/** What kind of token it is: an access token, an ID token, a user's, a back end's. By the header where it says so, else by the claims. */

import type { OidcClaims } from '../schemas/oidc.ts'
import { claimAt, isSaid, textsOf } from './claims.ts'

/** RFC 9068, section 2.1, and RFC 7519, section 5.1: media types, in any case (RFC 2045, section 5.1). */
const TYPES: Readonly<Record<string, 'access' | 'jwt'>> = {
  'at+jwt': 'access',
  'application/at+jwt': 'access',
  jwt: 'jwt',
  'application/jwt': 'jwt',
}

/** `access`: the header says that it is an access token. `jwt`: it says nothing. Undefined: it is another kind. */
export const declaredType = (typ = 'JWT'): 'access' | 'jwt' | undefined => {
  const name = typ.toLowerCase()
  return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
}

/** OpenID Connect Core 1.0, sections 2 and 3.3.2.11; Back-Channel Logout 1.0, section 2.4. */
const NEVER_IN_ACCESS_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']
/** Keycloak's claim `typ`. */
const OTHER_TYPES = ['id', 'refresh', 'offline', 'logout', 'registrationaccesstoken', 'initialaccesstoken']

/** The claim by which a token shows that it is no access token. */
export const noAccessTokenBy = (claims: OidcClaims): string | undefined => {
  const mark = NEVER_IN_ACCESS_TOKENS.find((claim) => Object.hasOwn(claims, claim))
  if (mark !== undefined) return mark
  if (isOther(claims, 'token_use', ['access'])) return 'token_use'
  return textsOf(claims, 'typ').some((typ) => OTHER_TYPES.includes(typ.toLowerCase())) ? 'typ' : undefined
}

/** The claim by which a token shows that it is no ID token. */
export const noIdTokenBy = (claims: OidcClaims): string | undefined =>
  [
    { claim: 'token_use', values: ['id'] },
    { claim: 'typ', values: ['id', 'jwt'] },
  ].find(({ claim, values }) => isOther(claims, claim, values))?.claim

const isOther = (claims: OidcClaims, claim: string, values: readonly string[]): boolean => {
  const value = claimAt(claims, claim)
  return value !== undefined && !(typeof value === 'string' && values.includes(value.toLowerCase()))
}

/** What providers call the client that an access token was given to. */
const CLIENT_CLAIMS = ['azp', 'client_id', 'cid', 'appid'] as const

/** The client by the named claim, or by whichever of the usual ones the token carries, which must agree. */
export const clientOf = (claims: OidcClaims, clientClaim: string | undefined): string | undefined => {
  if (clientClaim !== undefined) {
    const named = claimAt(claims, clientClaim)
    return typeof named === 'string' && named !== '' ? named : undefined
  }
  const [first, ...others] = CLIENT_CLAIMS.map((claim) => claims[claim]).filter((one) => one !== undefined)
  return typeof first === 'string' && first !== '' && others.every((one) => one === first) ? first : undefined
}

/** In any case of letters: whoever writes it otherwise means no user either. */
const BACK_END_MARKS = [
  ['gty', 'client-credentials'],
  ['idtyp', 'app'],
] as const

/**
 * The claim by which a token shows that a back end holds it (client credentials): Auth0's and Entra ID's own, Keycloak's
 * of a service account, and a subject that is the client itself (RFC 9068, section 2.2).
 */
export const backEndBy = (claims: OidcClaims): string | undefined => {
  const { sub } = claims
  const clients = CLIENT_CLAIMS.flatMap((claim) => textsOf(claims, claim))
  if (clients.some((client) => sub === client || sub === `${client}@clients`)) return 'sub'
  const marked = BACK_END_MARKS.find(([claim, mark]) =>
    textsOf(claims, claim).some((said) => said.toLowerCase() === mark),
  )
  if (marked !== undefined) return marked[0]
  const names = textsOf(claims, 'preferred_username')
  if (clients.some((client) => names.includes(`service-account-${client.toLowerCase()}`)))
    return 'preferred_username'
  return isSaid(claims, 'clientAddress') ? 'clientAddress' : undefined
}
