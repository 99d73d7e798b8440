/** A real OpenID provider on loopback: it signs its users in, issues tokens, and can be made to misbehave. */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { secret } from './canary.ts'

/** The `aud` of access tokens for this system, one for each kind of caller. */
export const USER_AUDIENCE = 'https://tokens.test.invalid/users'
export const BACK_END_AUDIENCE = 'https://tokens.test.invalid/back-ends'
export const CLIENT = 'web-site'
export const BACK_END = 'nightly-job'
const REDIRECT = 'https://www.example.com/signed-in'

export interface IdentityProvider {
  readonly issuer: string
  readonly ecKey: { readonly kid: string; readonly key: KeyObject }
  readonly rsaKey: { readonly kid: string; readonly key: KeyObject }
  /** Path of every request since the last look. */
  readonly requests: string[]
  /** Answers a path in its own way while it stands here. */
  readonly instead: Map<string, (response: ServerResponse) => void>
  /** The tokens of a user who has just signed in: authorization code flow with PKCE. */
  readonly signIn: (accountId: string, claims?: object) => Promise<{ accessToken: string; idToken: string }>
  /** A back end's token: client credentials, RFC 6749, section 4.4. */
  readonly backEndToken: () => Promise<string>
  readonly close: () => Promise<void>
}

const keyPair = (name: string, key: KeyObject, alg: string) => {
  const kid = randomBytes(8).toString('hex')
  const jwk = key.export({ format: 'jwk' })
  secret(`${name} of the identity provider`, String(jwk.d))
  return { kid, key, jwk: { ...jwk, kid, alg, use: 'sig' } }
}

export const startIdentityProvider = async (): Promise<IdentityProvider> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ec = keyPair('EC key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'ES256')
  const rsa = keyPair('RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'RS256')
  const clientSecret = secret('client secret', randomBytes(24).toString('hex'))
  const accounts = new Map<string, object>()
  const provider = new Provider(issuer, configuration(clientSecret, [ec.jwk, rsa.jwk], accounts))
  const answer = provider.callback()
  const requests: string[] = []
  const instead: IdentityProvider['instead'] = new Map()

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '', issuer).pathname
    requests.push(path)
    const own = instead.get(path)
    if (own !== undefined) own(response)
    else if (path.startsWith('/interaction/')) void finishSignIn(provider, request, response)
    else answer(request, response)
  })

  const token = async (body: Record<string, string>, clientId: string) => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams(body),
    })
    if (response.status !== 200) throw new Error(`the token endpoint answered ${response.status}`)
    const { access_token: accessToken, id_token: idToken = '' } = (await response.json()) as Record<
      string,
      string
    >
    return { accessToken: secret('access token of the identity provider', accessToken ?? ''), idToken }
  }

  return {
    issuer,
    ecKey: ec,
    rsaKey: rsa,
    requests,
    instead,
    signIn: async (accountId, claims = {}) => {
      accounts.set(accountId, claims)
      const verifier = randomBytes(32).toString('base64url')
      const code = await authorizationCode(issuer, accountId, verifier)
      return token(
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: REDIRECT,
          code_verifier: verifier,
          resource: USER_AUDIENCE,
        },
        CLIENT,
      )
    },
    backEndToken: async () =>
      (await token({ grant_type: 'client_credentials', resource: BACK_END_AUDIENCE }, BACK_END)).accessToken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const configuration = (clientSecret: string, keys: readonly object[], accounts: Map<string, object>) => {
  const client = { client_secret: clientSecret, id_token_signed_response_alg: 'ES256' }
  const claimsOf = (accountId: string) => ({ sub: accountId, ...accounts.get(accountId) })
  return {
    jwks: { keys },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [
      { ...client, client_id: CLIENT, redirect_uris: [REDIRECT] },
      {
        ...client,
        client_id: BACK_END,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    claims: { openid: ['sub', 'azp'], profile: ['name', 'org'] },
    conformIdTokenClaims: false,
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ ...claimsOf(accountId), azp: CLIENT }),
    }),
    extraTokenClaims: (_: unknown, { accountId }: { accountId?: string }) => {
      if (accountId === undefined) return undefined
      const { sub, ...claims } = claimsOf(accountId)
      return claims
    },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }: { oidc: GrantContext }) => {
      const { clientId } = oidc.client
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid profile')
      grant.addResourceScope(USER_AUDIENCE, 'chat')
      await grant.save()
      return grant
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, audience: string) => ({
          scope: 'chat',
          audience,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: audience === USER_AUDIENCE ? 'ES256' : 'RS256' } },
        }),
      },
    },
    ttl: {
      AccessToken: 600,
      IdToken: 600,
      Grant: 600,
      Session: 600,
      Interaction: 600,
      ClientCredentials: 600,
    },
  }
}

interface GrantContext {
  readonly provider: Provider
  readonly client: { readonly clientId: string }
  readonly session: { readonly accountId: string }
}

/** Whoever is named in `login_hint` has proved who they are. */
const finishSignIn = async (provider: Provider, request: IncomingMessage, response: ServerResponse) => {
  const { params } = await provider.interactionDetails(request, response)
  await provider.interactionFinished(request, response, { login: { accountId: params['login_hint'] } })
}

/** Follows the redirects as a browser does, until they lead back to the site. */
const authorizationCode = async (issuer: string, accountId: string, verifier: string): Promise<string> => {
  const query = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    scope: 'openid profile chat',
    redirect_uri: REDIRECT,
    resource: USER_AUDIENCE,
    login_hint: accountId,
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  })
  const cookies = new Map<string, string>()
  let url = `${issuer}/auth?${query}`
  for (let hops = 0; !url.startsWith(REDIRECT); hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { status, headers } = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const set of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    const location = headers.get('location')
    if (location === null || hops > 5) throw new Error(`the sign-in stopped at hop ${hops}: ${status}`)
    url = new URL(location, issuer).href
  }
  const code = new URL(url).searchParams.get('code')
  if (code === null) throw new Error(`the sign-in brought no code: ${new URL(url).search}`)
  return code
}
