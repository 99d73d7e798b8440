/**
 * One kind of credential used as another: kinds × places. A new kind is one row of KINDS (its credential in credentials.ts);
 * where a route answers it differently from the others, the row says so by the route's name, with TAKEN where it belongs.
 */

import { TENANT } from '../support/world.ts'
import { type Attack, type CodeOf, codeFor, withBody, withHeaders } from './attack.ts'
import { KEYED, PAGED, type RouteName, routeOf, USERS } from './routes.ts'
import type { AttackWorld } from './world.ts'

/** The place where this kind belongs: the route succeeds. */
const TAKEN = 'TAKEN'

interface Kind {
  readonly kind: string
  readonly of: (world: AttackWorld) => string
  /** As `Authorization: Bearer …` on every route that wants a caller. */
  readonly authorization: CodeOf
  /** As `Token` at the validate route. */
  readonly token: string
  /** As `access_token` at the validate route for agents. */
  readonly agentToken: string
  /** As `ccmessaging-token` on the chat routes, where CEC alone can tell: it is asked once. */
  readonly chatToken: string
}

const FOREIGN = {
  authorization: 'CALLER_MALFORMED',
  token: 'TOKEN_MALFORMED',
  agentToken: 'TOKEN_MALFORMED',
  chatToken: 'CHAT_TOKEN_REFUSED',
} as const

const on = (routes: readonly RouteName[], code: string): Partial<Record<RouteName, string>> =>
  Object.fromEntries(routes.map((route) => [route, code]))

const vendorSecrets = ({ vendors }: AttackWorld) => vendors.vendors.tenantSecrets(TENANT)

const KINDS: readonly Kind[] = [
  { ...FOREIGN, kind: 'caller key', of: ({ vendors }) => vendors.callerKey, authorization: TAKEN },
  {
    ...FOREIGN,
    kind: 'enterprise token',
    of: ({ credentials }) => credentials.enterpriseToken,
    // It claims our own issuer, whose tokens only the routes for pages know.
    authorization: { default: 'OIDC_ISSUER_UNKNOWN', ...on(PAGED, 'ACCESS_TOKEN_HEADER_UNKNOWN') },
    token: TAKEN,
    agentToken: 'TOKEN_HEADER_UNKNOWN',
  },
  {
    ...FOREIGN,
    kind: 'agent token',
    of: ({ credentials }) => credentials.agentToken,
    authorization: { default: 'OIDC_ISSUER_UNKNOWN', ...on(PAGED, 'ACCESS_TOKEN_HEADER_UNKNOWN') },
    token: 'TOKEN_HEADER_UNKNOWN',
    agentToken: TAKEN,
  },
  {
    ...FOREIGN,
    kind: 'access token',
    of: ({ credentials }) => credentials.accessToken,
    authorization: { default: 'OIDC_ISSUER_UNKNOWN', ...on(PAGED, TAKEN) },
    token: 'TOKEN_HEADER_UNKNOWN',
    agentToken: 'TOKEN_HEADER_UNKNOWN',
  },
  {
    ...FOREIGN,
    kind: 'OIDC user token',
    of: ({ credentials }) => credentials.oidcUser,
    authorization: { default: 'CALLER_KIND_REFUSED', ...on(USERS, TAKEN) },
    token: 'TOKEN_HEADER_UNKNOWN',
    agentToken: 'TOKEN_HEADER_UNKNOWN',
  },
  {
    ...FOREIGN,
    kind: 'OIDC back-end token',
    of: ({ credentials }) => credentials.oidcBackEnd,
    authorization: TAKEN,
    // RS256: its signature is longer than ours.
    token: 'TOKEN_MALFORMED',
  },
  {
    ...FOREIGN,
    kind: 'OIDC ID token',
    of: ({ credentials }) => credentials.idToken,
    authorization: 'OIDC_AUDIENCE_WRONG',
    token: 'TOKEN_HEADER_UNKNOWN',
    agentToken: 'TOKEN_HEADER_UNKNOWN',
  },
  { ...FOREIGN, kind: "CEC's chat token", of: ({ credentials }) => credentials.chatToken, chatToken: TAKEN },
  { ...FOREIGN, kind: "CEC's AccessToken", of: ({ credentials }) => credentials.cecAccessToken },
  { ...FOREIGN, kind: 'AppCube token', of: ({ credentials }) => credentials.appCubeToken },
  {
    ...FOREIGN,
    kind: 'OIAP token for third parties',
    of: ({ credentials }) => credentials.oiapThirdPartyToken,
  },
  { ...FOREIGN, kind: "Live's AccessToken", of: ({ credentials }) => credentials.liveAccessToken },
  { ...FOREIGN, kind: "Live's RefreshToken", of: ({ credentials }) => credentials.liveRefreshToken },
  { ...FOREIGN, kind: "CEC's appKey", of: (world) => vendorSecrets(world).cec.appKey },
  { ...FOREIGN, kind: "CEC's appSecret", of: (world) => vendorSecrets(world).cec.appSecret },
  { ...FOREIGN, kind: "OIAP's appSecret", of: (world) => vendorSecrets(world).oiap.appSecret },
  {
    ...FOREIGN,
    kind: "OIAP's third-party password",
    of: (world) => vendorSecrets(world)['oiap-third-party'].appSecret,
  },
  { ...FOREIGN, kind: 'AccessKeySecret', of: (world) => vendorSecrets(world).live.accessKeySecret },
  { ...FOREIGN, kind: 'tenantSpaceId', of: () => TENANT },
]

interface Place {
  readonly place: keyof typeof FOREIGN
  readonly as: string
  readonly routes: readonly RouteName[]
  readonly put: (credential: string) => (good: Parameters<Attack['spoil']>[0]) => ReturnType<Attack['spoil']>
  readonly calls?: Attack['calls']
}

const PLACES: readonly Place[] = [
  {
    place: 'authorization',
    as: 'Authorization',
    routes: KEYED,
    put: (credential) => (good) => withHeaders(good, { authorization: `Bearer ${credential}` }),
  },
  {
    place: 'token',
    as: 'Token',
    routes: ['validate'],
    put: (credential) => (good) => withBody(good, { Token: credential }),
  },
  {
    place: 'agentToken',
    as: 'access_token',
    routes: ['validateAgent'],
    put: (credential) => (good) => withBody(good, { access_token: credential }),
  },
  {
    place: 'chatToken',
    as: 'ccmessaging-token',
    routes: ['send', 'poll'],
    put: (credential) => (good) => withHeaders(good, { 'ccmessaging-token': credential }),
    calls: { cec: 1 },
  },
]

/** Public routes want no credential and look at none. */
const ignored: readonly Attack[] = KINDS.flatMap(({ kind, of }) =>
  (['validate', 'validateAgent', 'jwks'] as const).map((route) => ({
    theme: 'cross-use',
    attack: `${kind} as Authorization, ignored`,
    route,
    code: routeOf(route).success,
    spoil: (good, world) => withHeaders(good, { authorization: `Bearer ${of(world)}` }),
  })),
)

const used: readonly Attack[] = KINDS.flatMap((kind) =>
  PLACES.flatMap(({ place, as, routes, put, calls }) =>
    routes.map((route): Attack => {
      const code = codeFor(kind[place], route)
      return {
        theme: 'cross-use',
        attack: `${kind.kind} as ${as}`,
        route,
        code: code === TAKEN ? routeOf(route).success : code,
        ...(calls === undefined || code === TAKEN ? {} : { calls }),
        spoil: (good, world) => put(kind.of(world))(good),
      }
    }),
  ),
)

export const crossUse: readonly Attack[] = [...used, ...ignored]
