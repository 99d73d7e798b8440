/** A real Ory Hydra in memory, with the login and consent application that every site brings itself: here, the test. */

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secret } from '../../support/canary.ts'
import { codeRequest, newBrowser, REDIRECT } from '../browser.ts'
import { freePort, startProvider } from '../processes.ts'

/** What .ci/hydra makes. */
const INSTALLED = join(import.meta.dirname, '../../../.ci/tools/hydra')
const SCOPES = ['openid', 'profile']
const MOST_HOPS = 10

export interface Hydra {
  /** With a slash at its end, as Hydra writes it. */
  readonly issuer: string
  /** A page, whose users sign in. Gives its client id. */
  readonly newPage: (audience: string) => Promise<string>
  /** A back end. Gives its client id, which is also the `sub` of its tokens. */
  readonly newBackEnd: (audience: string) => Promise<string>
  /** The tokens of a user whom the site knows: authorization code flow with PKCE. */
  readonly signIn: (page: string, user: SignedInUser) => Promise<{ accessToken: string; idToken: string }>
  readonly backEndToken: (client: string, audience: string) => Promise<string>
  readonly close: () => Promise<void>
}

export interface SignedInUser {
  readonly userId: string
  readonly userName: string
  readonly audience: string
}

type Members = Record<string, string>

export const startHydra = async (): Promise<Hydra> => {
  if (!existsSync(INSTALLED))
    throw new Error('Ory Hydra is not installed: run .ci/hydra (it needs Go and gcc).')
  const folder = await mkdtemp(join(tmpdir(), 'hydra-'))
  const [port, adminPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const clientSecret = secret('client secret', randomBytes(18).toString('base64url'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  await writeFile(join(folder, 'hydra.json'), JSON.stringify(configuration(url, adminPort)), { mode: 0o600 })
  const server = await startProvider({
    command: INSTALLED,
    args: ['serve', 'all', '--dev', '--sqa-opt-out', '-c', 'hydra.json'],
    folder,
    readyUrl: `${url}/health/ready`,
  }).catch(async (error: unknown) => {
    await removeFolder()
    throw error
  })

  const admin = async (method: string, path: string, body: object): Promise<Members> => {
    const response = await fetch(`http://127.0.0.1:${adminPort}/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path.split('?')[0]}: ${response.status}`)
    return (await response.json()) as Members
  }
  const newClient = async (changes: object): Promise<string> =>
    (await admin('POST', '/clients', changes))['client_id'] ?? ''
  const token = async (body: Members, headers: Members = {}): Promise<Members> => {
    const response = await fetch(`${url}/oauth2/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(body),
    })
    if (response.status !== 200) throw new Error(`the token endpoint answered ${response.status}`)
    return (await response.json()) as Members
  }

  /** Follows the redirects as a browser does, and answers as the login and consent application at their two stops. */
  const codeOf = async (user: SignedInUser, query: URLSearchParams): Promise<string> => {
    const accept = async (step: 'login' | 'consent', at: string, body: object): Promise<URL> => {
      const path = `/oauth2/auth/requests/${step}/accept?${step}_challenge=${at}`
      return new URL((await admin('PUT', path, body))['redirect_to'] ?? '')
    }
    const visit = newBrowser()
    let next = new URL(`${url}/oauth2/auth?${query}`)
    for (let hops = 0; hops < MOST_HOPS; hops++) {
      const [login, consent, code] = ['login_challenge', 'consent_challenge', 'code'].map((name) =>
        next.searchParams.get(name),
      )
      if (code) return code
      if (login) next = await accept('login', login, { subject: user.userId })
      else if (consent) next = await accept('consent', consent, consentOf(user))
      next = new URL((await visit(next.href)).headers.get('location') ?? '', url)
    }
    throw new Error('the sign-in brought no code')
  }

  await admin('PUT', '/keys/hydra.jwt.access-token', { keys: [newKey()] })

  return {
    issuer: `${url}/`,
    newPage: (audience) =>
      newClient({
        token_endpoint_auth_method: 'none',
        redirect_uris: [REDIRECT],
        scope: SCOPES.join(' '),
        audience: [audience],
      }),
    newBackEnd: (audience) =>
      newClient({ client_secret: clientSecret, grant_types: ['client_credentials'], audience: [audience] }),
    signIn: async (page, user) => {
      const { audience } = user
      const { query, verifier } = codeRequest({ client_id: page, scope: SCOPES.join(' '), audience })
      const answer = await token({
        grant_type: 'authorization_code',
        client_id: page,
        code: await codeOf(user, query),
        code_verifier: verifier,
        redirect_uri: REDIRECT,
      })
      return {
        accessToken: secret('access token of Hydra', answer['access_token'] ?? ''),
        idToken: secret('ID token of Hydra', answer['id_token'] ?? ''),
      }
    },
    backEndToken: async (client, audience) => {
      const authorization = `Basic ${Buffer.from(`${client}:${clientSecret}`).toString('base64')}`
      const answer = await token({ grant_type: 'client_credentials', audience }, { authorization })
      return secret('access token of Hydra', answer['access_token'] ?? '')
    },
    close: async () => {
      await server.stop()
      await removeFolder()
    },
  }
}

const configuration = (url: string, adminPort: number) => ({
  dsn: 'memory',
  strategies: { access_token: 'jwt' },
  serve: {
    public: { host: '127.0.0.1', port: Number(new URL(url).port) },
    admin: { host: '127.0.0.1', port: adminPort },
  },
  // Nobody serves these two: the test answers there itself.
  urls: { self: { issuer: `${url}/` }, login: `${url}/login`, consent: `${url}/consent` },
  secrets: { system: [secret("Hydra's system secret", randomBytes(24).toString('hex'))] },
})

/** What the consent application says: which audience the user lets the page have, and the user's name. */
const consentOf = ({ audience, userName }: SignedInUser) => ({
  grant_scope: SCOPES,
  grant_access_token_audience: [audience],
  session: { access_token: { name: userName }, id_token: { name: userName } },
})

/** Hydra would make a key of 4,096 bits at the first token: on a busy machine that takes longer than a request may. */
const newKey = () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  secret("Hydra's key", String(key.d))
  return { ...key, kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' }
}
