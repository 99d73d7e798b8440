import { describe, expect, it } from 'vitest'
import { CallersSecret } from '../../../lib/schemas/callers.ts'
import { faultsIn } from '../../support/schemas.ts'

const USERS = {
  callerId: 'staff',
  kind: 'user',
  issuer: 'https://idp.example.com',
  audience: 'ours',
  tenant: '202007159031',
  scopes: [],
}
const JOBS = { ...USERS, callerId: 'jobs', kind: 'back-end', subjects: ['job'] }
const faultsOf = (...issuers: object[]) => faultsIn(CallersSecret, { callers: [], issuers })

const NO_AUDIENCE =
  'issuers.0.audience: expected an audience; without one tokens "jwt", requiredClaims with token_use "access", and clientIds'
const CLIENT_AS_AUDIENCE =
  'issuers.0.audience: expected with tokens "jwt" an audience that is no client id: ID tokens have that one'
const COGNITO = {
  ...USERS,
  audience: undefined,
  tokens: 'jwt',
  requiredClaims: { token_use: 'access' },
  clientIds: ['page'],
}
const IDS = { ...USERS, acceptIdTokens: true, clientIds: ['page'] }

describe('lib/schemas/issuer-rules', () => {
  it.each([
    ['no audience, where both are demanded', COGNITO, 'none'],
    ['no audience and no clients', { ...COGNITO, clientIds: undefined }, NO_AUDIENCE],
    ['no audience and an empty list of clients', { ...COGNITO, clientIds: [] }, NO_AUDIENCE],
    ['no audience and no use', { ...COGNITO, requiredClaims: undefined }, NO_AUDIENCE],
    ['no audience and another use', { ...COGNITO, requiredClaims: { token_use: 'id' } }, NO_AUDIENCE],
    ['no audience and any use', { ...COGNITO, requiredClaims: { token_use: true } }, NO_AUDIENCE],
    [
      'no audience and two uses',
      { ...COGNITO, requiredClaims: { token_use: ['access', 'id'] } },
      NO_AUDIENCE,
    ],
    ['no audience of access tokens by their type', { ...COGNITO, tokens: 'rfc9068' }, NO_AUDIENCE],
    ['an audience that is no client', { ...USERS, tokens: 'jwt', clientIds: ['page'] }, 'none'],
    ['an audience that is a client', { ...USERS, tokens: 'jwt', clientIds: ['ours'] }, CLIENT_AS_AUDIENCE],
    ['the same by the type of its header', { ...USERS, clientIds: ['ours'] }, 'none'],
    ['ID tokens', IDS, 'none'],
    [
      'ID tokens under "jwt"',
      { ...IDS, tokens: 'jwt' },
      'issuers.0.tokens: expected "rfc9068" with acceptIdTokens: under "jwt" an ID token would pass for an access token',
    ],
    [
      'ID tokens with a clientClaim',
      { ...IDS, clientClaim: 'cid' },
      'issuers.0.clientClaim: expected no clientClaim with acceptIdTokens: azp or a sole aud names the client of an ID token',
    ],
    [
      'a userId that users may write',
      { ...USERS, userClaim: 'user_metadata.id' },
      'issuers.0.userClaim: expected a claim that users cannot set themselves',
    ],
    ['a name that users may write', { ...USERS, userNameClaim: 'user_metadata.name' }, 'none'],
    [
      'a tenant that users may write',
      { ...USERS, tenant: undefined, tenantClaim: 'user_metadata.org', tenants: { a: '1' } },
      'issuers.0.tenantClaim: expected a claim that users cannot set themselves',
    ],
    [
      'an age of a minute less a second',
      { ...USERS, maxAgeSeconds: 59 },
      'issuers.0.maxAgeSeconds: expected a whole number from 60 to 2592000',
    ],
    ['an age of a minute', { ...USERS, maxAgeSeconds: '60' }, 'none'],
    [
      'keys at plain http',
      { ...USERS, jwksUri: 'http://idp.example.com/keys' },
      'issuers.0.jwksUri: expected an https URL',
    ],
    ['keys on another origin', { ...USERS, jwksUri: 'https://keys.example.com/keys' }, 'none'],
    [
      'an unknown provider',
      { ...USERS, provider: 'okda' },
      'issuers.0.provider: expected "keycloak", "entra", "auth0", "okta", "cognito" or "google"',
    ],
    [
      'Entra’s issuer of every tenant',
      { ...USERS, provider: 'entra', issuer: 'https://login.microsoftonline.com/common/v2.0' },
      'issuers.0.issuer: expected the issuer of one tenant: "common", "organizations" and "{tenantid}" match no token',
    ],
    [
      'Entra’s issuer of one',
      { ...USERS, provider: 'entra', issuer: 'https://login.microsoftonline.com/1-2/v2.0' },
      'none',
    ],
    [
      'Okta’s org server',
      { ...USERS, provider: 'okta', issuer: 'https://shop.okta.com' },
      'issuers.0.issuer: expected a custom authorization server such as "…/oauth2/default": only Okta may verify tokens of the other',
    ],
    ['Okta’s ID tokens', { ...IDS, provider: 'okta', issuer: 'https://shop.okta.com' }, 'none'],
    [
      'a back end of Google’s',
      { ...JOBS, provider: 'google', issuer: undefined },
      'issuers.0.provider: expected kind "user" with "google": it gives back ends no token of this kind',
    ],
  ])('judges %s', (_, entry, fault) => {
    expect(faultsOf(entry)).toBe(fault)
  })

  it.each([
    [
      'another jwksUri',
      { jwksUri: 'https://keys.example.com/a' },
      'issuers.1.jwksUri: expected the same jwksUri in every entry of an issuer',
    ],
    [
      'an audience that is a client of the first',
      { tokens: 'jwt', audience: 'page' },
      'issuers.1.audience: expected with tokens "jwt" an audience that is no client id in any entry of the issuer',
    ],
    ['another audience', { tokens: 'jwt', audience: 'api' }, 'none'],
  ])('judges a second entry of the issuer with %s', (_, changes, fault) => {
    expect(faultsOf(IDS, { ...JOBS, audience: 'jobs', ...changes })).toBe(fault)
  })
})
