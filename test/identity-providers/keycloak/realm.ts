/** A realm as an operator sets one up: page clients, back ends, a user, and mappers that write our audience into tokens. */

import { randomBytes } from 'node:crypto'
import { secret } from '../../support/canary.ts'
import { REDIRECT } from '../browser.ts'
import type { Keycloak } from './server.ts'
import { signedIn } from './sign-in.ts'

export const AUDIENCE = 'https://tokens.test.invalid'
export const OTHER_AUDIENCE = 'https://other.test.invalid'
/** As Keycloak makes a name of first and last name. */
export const TOM = { username: 'tom', name: 'Tom Miller' } as const

export interface UserTokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
}

export interface Realm {
  readonly issuer: string
  /** The tokens of Tom, who signs in with his password at a page: authorization code flow with PKCE. */
  readonly signIn: (client: string, scope?: string) => Promise<UserTokens>
  /** A service account's token: client credentials. */
  readonly backEndToken: (client: string) => Promise<string>
}

const password = secret("Tom's password", randomBytes(18).toString('base64url'))
const clientSecret = secret('client secret', randomBytes(18).toString('base64url'))

const audience = (value: string) => ({
  name: value,
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: {
    'included.custom.audience': value,
    'access.token.claim': 'true',
    'lightweight.claim': 'true',
  },
})
const page = (clientId: string, changes: object = {}) => ({
  clientId,
  publicClient: true,
  redirectUris: [REDIRECT],
  protocolMappers: [audience(AUDIENCE)],
  ...changes,
})
const backEnd = (clientId: string, changes: object = {}) => ({
  clientId,
  secret: clientSecret,
  serviceAccountsEnabled: true,
  standardFlowEnabled: false,
  protocolMappers: [audience(AUDIENCE)],
  ...changes,
})
/** With it, an access token's header says `at+jwt`. */
const RFC9068 = { attributes: { 'access.token.header.type.rfc9068': 'true' } }

const LIGHTWEIGHT = { attributes: { 'client.use.lightweight.access.token.enabled': 'true' } }
/** Keycloak makes a key for an algorithm when a client first asks for it. */
export const OTHER_ALGORITHMS = ['PS256', 'ES256', 'ES384', 'EdDSA'] as const
const signedBy = (alg: string) => ({ attributes: { 'access.token.signed.response.alg': alg } })

export const makeRealm = (keycloak: Keycloak, realm: string): Promise<void> =>
  keycloak.admin('POST', '', {
    realm,
    enabled: true,
    // Longer than keys are kept, so that a token can outlive its key.
    accessTokenLifespan: 1_800,
    clients: [
      page('page'),
      page('other-page'),
      page('page-rfc9068', RFC9068),
      page('page-lightweight', LIGHTWEIGHT),
      page('page-of-another-api', { protocolMappers: [audience(OTHER_AUDIENCE)] }),
      ...OTHER_ALGORITHMS.map((alg) => page(`page-${alg}`, signedBy(alg))),
      backEnd('jobs'),
      backEnd('other-jobs'),
      backEnd('jobs-rfc9068', RFC9068),
      backEnd('jobs-of-another-api', { protocolMappers: [audience(OTHER_AUDIENCE)] }),
    ],
    users: [
      {
        username: TOM.username,
        firstName: 'Tom',
        lastName: 'Miller',
        email: 'tom@example.com',
        emailVerified: true,
        enabled: true,
        credentials: [{ type: 'password', value: password }],
      },
    ],
  })

/** Makes an organisation, and Tom a member of it. */
export const joinOrganization = async ({ admin }: Keycloak, realm: string, name: string): Promise<void> => {
  await admin('PUT', `/${realm}`, { organizationsEnabled: true })
  await admin('POST', `/${realm}/organizations`, { name, domains: [{ name: `${name}.example.com` }] })
  const [organization] = await admin<{ id: string }[]>('GET', `/${realm}/organizations?search=${name}`)
  const [tom] = await admin<{ id: string }[]>('GET', `/${realm}/users?username=${TOM.username}`)
  await admin('POST', `/${realm}/organizations/${organization?.id}/members`, tom?.id)
}

interface ClientScope {
  readonly id: string
  readonly name: string
  readonly protocolMappers?: readonly { readonly id: string; readonly config: object }[]
}

/** Changes in which form the claim `organization` names the organisations of a user. */
export const setOrganizationClaim = async (
  { admin }: Keycloak,
  realm: string,
  form: object,
): Promise<void> => {
  const scopes = await admin<ClientScope[]>('GET', `/${realm}/client-scopes`)
  const scope = scopes.find(({ name }) => name === 'organization')
  const [mapper] = scope?.protocolMappers ?? []
  const path = `/${realm}/client-scopes/${scope?.id}/protocol-mappers/models/${mapper?.id}`
  await admin('PUT', path, { ...mapper, config: { ...mapper?.config, ...form } })
}

/** A realm at an address: the server's own, or one in front of it, which is then the issuer's. */
export const realmAt = (address: string, realm: string): Realm => {
  const issuer = `${address}/realms/${realm}`
  const token = async (body: Record<string, string>): Promise<Record<string, string>> => {
    const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams(body),
    })
    if (response.status !== 200) throw new Error(`the token endpoint answered ${response.status}`)
    return (await response.json()) as Record<string, string>
  }
  return {
    issuer,
    signIn: async (client, scope = 'openid') => {
      const { code, verifier } = await signedIn(
        issuer,
        { client, scope },
        { username: TOM.username, password },
      )
      const answer = await token({
        grant_type: 'authorization_code',
        client_id: client,
        code,
        code_verifier: verifier,
        redirect_uri: REDIRECT,
      })
      return {
        accessToken: secret('access token of Keycloak', answer['access_token'] ?? ''),
        idToken: secret('ID token of Keycloak', answer['id_token'] ?? ''),
        refreshToken: secret('refresh token of Keycloak', answer['refresh_token'] ?? ''),
      }
    },
    backEndToken: async (client) => {
      const body = { grant_type: 'client_credentials', client_id: client, client_secret: clientSecret }
      return secret('access token of Keycloak', (await token(body))['access_token'] ?? '')
    },
  }
}
