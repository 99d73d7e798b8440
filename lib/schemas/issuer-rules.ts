/** Combinations of members that an entry of `issuers` may not have: each with the sentence that the operator is told. */

import type { Requirement } from './issuer-members.ts'

/** An entry whose members are each as they should be. */
export interface Members {
  readonly kind: 'user' | 'back-end'
  readonly provider?: string | undefined
  readonly issuer: string
  readonly audience?: string | undefined
  readonly tokens: 'rfc9068' | 'jwt'
  readonly clientClaim?: string | undefined
  readonly clientIds?: readonly string[] | undefined
  readonly requiredClaims?: Readonly<Record<string, Requirement>> | undefined
  readonly tenant?: string | undefined
  readonly tenantClaim?: string | undefined
  readonly tenants?: object | undefined
  readonly tenantPrefixes?: readonly string[] | undefined
  readonly acceptIdTokens?: boolean
}

interface Rule {
  readonly path: keyof Members
  readonly expected: string
  readonly isKept: (entry: Members) => boolean
}

const hasClients = ({ clientIds = [] }: Members): boolean => clientIds.length > 0

const isMapped = ({ tenants = {}, tenantPrefixes = [] }: Members): boolean =>
  Object.keys(tenants).length + tenantPrefixes.length > 0

/** A claim that an access token has and an ID token of the same provider has not. */
const tellsAccessTokens = ({ requiredClaims = {} }: Members): boolean => {
  const { token_use: use } = requiredClaims
  return Array.isArray(use) && use.every((one) => one === 'access')
}

export const RULES: readonly Rule[] = [
  {
    path: 'tenant',
    expected: 'expected either tenant, or tenantClaim with tenants or tenantPrefixes',
    isKept: (entry) =>
      entry.tenant === undefined
        ? entry.tenantClaim !== undefined && isMapped(entry)
        : entry.tenantClaim === undefined && !isMapped(entry),
  },
  {
    path: 'clientIds',
    expected: 'expected clientIds with acceptIdTokens',
    isKept: (entry) => entry.acceptIdTokens !== true || hasClients(entry),
  },
  {
    path: 'tokens',
    expected:
      'expected "rfc9068" with acceptIdTokens: under "jwt" an ID token would pass for an access token',
    isKept: ({ tokens, acceptIdTokens }) => tokens === 'rfc9068' || acceptIdTokens !== true,
  },
  {
    path: 'clientClaim',
    expected:
      'expected no clientClaim with acceptIdTokens: azp or a sole aud names the client of an ID token',
    isKept: ({ clientClaim, acceptIdTokens }) => clientClaim === undefined || acceptIdTokens !== true,
  },
  {
    path: 'audience',
    expected:
      'expected an audience; without one tokens "jwt", requiredClaims with token_use "access", and clientIds',
    isKept: (entry) =>
      entry.audience !== undefined ||
      (entry.tokens === 'jwt' && hasClients(entry) && tellsAccessTokens(entry)),
  },
  {
    path: 'audience',
    expected: 'expected with tokens "jwt" an audience that is no client id: ID tokens have that one',
    isKept: ({ tokens, audience = '', clientIds = [] }) => tokens !== 'jwt' || !clientIds.includes(audience),
  },
  {
    path: 'issuer',
    expected: 'expected the issuer of one tenant: "common", "organizations" and "{tenantid}" match no token',
    isKept: ({ provider, issuer }) =>
      provider !== 'entra' || !/\/(common|organizations|consumers|(\{|%7b).*)(\/|$)/i.test(issuer),
  },
  {
    path: 'issuer',
    expected:
      'expected a custom authorization server such as "…/oauth2/default": only Okta may verify tokens of the other',
    isKept: ({ provider, issuer, acceptIdTokens }) =>
      provider !== 'okta' || acceptIdTokens === true || /\/oauth2\/[^/]+$/.test(issuer),
  },
  {
    path: 'provider',
    expected: 'expected kind "user" with "google": it gives back ends no token of this kind',
    isKept: ({ provider, kind }) => provider !== 'google' || kind === 'user',
  },
]
