/** The routes with an identity provider of the enterprise's: its users, its back ends, and tokens by its keys. */

import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { type CallerFunctionName, functionOf } from './functions.ts'
import {
  BACK_END,
  BACK_END_AUDIENCE,
  type IdentityProvider,
  startIdentityProvider,
  USER_AUDIENCE,
} from './identity-provider.ts'
import { mint } from './mint.ts'
import { FURTHER_BODIES, GOOD_BODIES, message, startVendorWorld, type VendorWorld } from './vendor-world.ts'
import { call, callersSecret, PREFIX, type RequestParts, TENANT, USER } from './world.ts'

export let world: VendorWorld
export let idp: IdentityProvider
export let tom: string
export let job: string

const USER_SCOPES = [
  'enterprise-token:issue',
  'chat-token:issue',
  'chat:relay',
  'live-token:issue',
  'rtc-token:issue',
]
export const users = (changes: object = {}) => ({
  callerId: 'staff',
  kind: 'user',
  issuer: idp.issuer,
  audience: USER_AUDIENCE,
  tenant: TENANT,
  scopes: USER_SCOPES,
  ...changes,
})
export const backEnds = (changes: object = {}) => ({
  callerId: 'jobs',
  kind: 'back-end',
  issuer: idp.issuer,
  audience: BACK_END_AUDIENCE,
  tenant: TENANT,
  subjects: [BACK_END],
  scopes: [
    ...USER_SCOPES,
    'enterprise-token:revoke',
    'users:write',
    'users:read',
    'app-cube-token:issue',
    'oiap-third-party-token:issue',
    'access-token:issue',
    'agent-token:issue',
  ],
  ...changes,
})
export const list = (...issuers: object[]) =>
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: world.callerKey }], issuers),
  )

/** Has the world started before the tests of a file, and ended after them, without an identity provider. */
export const useRoutes = (): void => {
  beforeAll(async () => {
    world = await startVendorWorld()
  })
  afterAll(() => world.close())
}

/** The same with an identity provider. */
export const useOidcWorld = (): void => {
  useRoutes()
  beforeAll(async () => {
    idp = await startIdentityProvider()
    tom = (await idp.signIn(USER.userId, { name: USER.userName, org: 'acme' })).accessToken
    job = await idp.backEndToken()
  })
  afterAll(() => idp.close())
  beforeEach(() => {
    idp.instead.clear()
    list(users(), backEnds())
  })
}

export type Name = CallerFunctionName
/** A function as in a sandbox that has just started. */
export const fresh = (name: Name, changes: Partial<Runtime> = {}): Promise<HttpHandler> =>
  functionOf(name, world.runtime(changes))

const BODIES: Record<Name, object> = {
  issueEnterpriseToken: { tenantSpaceId: TENANT, ...USER },
  issueAccessToken: { tenantSpaceId: TENANT, ...USER, scopes: ['chat:relay'] },
  revokeEnterpriseTokens: { tenantSpaceId: TENANT, jti: 'A'.repeat(22) },
  issueAgentToken: { tenantSpaceId: TENANT, userAccount: 'a101' },
  putUser: { tenantSpaceId: TENANT, ...USER, status: 'active' },
  batchUsers: { tenantSpaceId: TENANT, users: [{ ...USER, status: 'active' }] },
  queryUsers: { tenantSpaceId: TENANT, userIds: [USER.userId] },
  listUsers: { tenantSpaceId: TENANT },
  applyToken: GOOD_BODIES.applyToken,
  chatRelay: message(),
  chatCalls: FURTHER_BODIES.sendAsync,
  uploadFileStream: GOOD_BODIES.uploadFileStream,
  downloadFileStream: GOOD_BODIES.downloadFileStream,
  liveMessageToken: { ...GOOD_BODIES.liveMessageToken, UserId: USER.userId },
  liveImToken: GOOD_BODIES.liveImToken,
  liveRtcToken: GOOD_BODIES.liveRtcToken,
  auiLiveToken: GOOD_BODIES.auiLiveToken,
  auiRtcToken: GOOD_BODIES.auiRtcToken,
  appCubeToken: GOOD_BODIES.appCubeToken,
  oiapThirdPartyToken: GOOD_BODIES.oiapThirdPartyToken,
}
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
export const PAGE = { origin: 'https://www.example.com' }
export const parts = (name: Name, token: string, changes: object = {}): RequestParts => ({
  headers: bearer(token),
  body: { ...BODIES[name], ...changes },
})
export const codeOf = async (name: Name, token: string, changes: object = {}) =>
  (await call(world, await fresh(name), parts(name, token, changes))).line.code

export const seconds = () => Math.floor(Date.now() / 1000)
/** What the provider writes into a user's access token. */
export const claims = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  const iat = seconds()
  const all = {
    iss: idp.issuer,
    aud: USER_AUDIENCE,
    sub: USER.userId,
    name: USER.userName,
    iat,
    exp: iat + 600,
  }
  return Object.fromEntries(Object.entries({ ...all, ...changes }).filter(([, value]) => value !== undefined))
}
export const head = (changes: Record<string, unknown> = {}) => ({
  alg: 'ES256',
  typ: 'at+jwt',
  kid: idp.ecKey.kid,
  ...changes,
})
/** By the provider's own key. */
export const signed = (header: Record<string, unknown>, payload: Record<string, unknown> | string) =>
  mint(header, payload, idp.ecKey.key)
export const ecJwk = () => createPublicKey(idp.ecKey.key).export({ format: 'jwk' })
