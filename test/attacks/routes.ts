/** The routes under attack: a good request of each, and what it leads to. */

import type { Scope } from '../../lib/schemas/callers.ts'
import { AGENT, agentQuestion, question } from '../support/refusals.ts'
import {
  AUI_V1_BODIES,
  downloadParts,
  type FurtherName,
  furtherParts,
  GOOD_BODIES,
  pollParts,
  sendParts,
  uploadParts,
} from '../support/vendor-world.ts'
import { type RequestParts, TENANT, USER } from '../support/world.ts'
import type { Calls } from './attack.ts'
import type { Dialect } from './verdicts.ts'
import type { AttackWorld } from './world.ts'

interface Route {
  readonly dialect: Dialect
  readonly success: string
  readonly status: number
  readonly good: (world: AttackWorld) => RequestParts
  /** What a success costs in a sandbox that knows its secrets and machine tokens. */
  readonly calls: Calls
}

const ask = ({ credentials }: AttackWorld): RequestParts => ({ body: question(credentials.enterpriseToken) })
const withKey =
  (body: object, method: RequestParts['method'] = 'POST', path?: string) =>
  (world: AttackWorld): RequestParts => ({
    headers: world.vendors.authorization,
    body,
    method,
    ...(path === undefined ? {} : { routeKey: `${method} ${path}` }),
  })

const own = { dialect: 'own', status: 200, calls: {} } as const
/** Nobody is called. */
const computed = { status: 200, calls: {} } as const
const cec = { dialect: 'cec', status: 200, calls: { cec: 1 } } as const

const further = (name: FurtherName) => ({
  ...cec,
  success: 'CHAT_CALL_RELAYED' as const,
  good: ({ vendors, credentials }: AttackWorld) => furtherParts(vendors, credentials.chatToken, name),
})

export const ROUTES = {
  validate: { dialect: 'validate', success: 'TOKEN_VALID', status: 200, good: ask, calls: {} },
  /** The same behind CEC_SOURCE_CIDRS. */
  listedValidate: {
    dialect: 'validate',
    success: 'TOKEN_VALID',
    status: 200,
    good: (world) => ({ ...ask(world), sourceIp: '203.0.113.7' }),
    calls: {},
  },
  validateAgent: {
    dialect: 'validate',
    success: 'AGENT_TOKEN_VALID',
    status: 200,
    good: ({ credentials }) => ({ body: agentQuestion(credentials.agentToken) }),
    calls: {},
  },
  agentToken: {
    ...own,
    success: 'AGENT_TOKEN_ISSUED',
    status: 201,
    good: withKey({ userAccount: AGENT, tenantSpaceId: TENANT }),
  },
  jwks: { ...own, success: 'JWKS_SERVED', good: () => ({ method: 'GET' }) },
  issue: {
    ...own,
    success: 'TOKEN_ISSUED',
    status: 201,
    good: withKey({ ...USER, tenantSpaceId: TENANT }),
  },
  accessToken: {
    ...own,
    success: 'ACCESS_TOKEN_ISSUED',
    status: 201,
    good: withKey({ ...USER, tenantSpaceId: TENANT, scopes: ['chat-token:issue', 'chat:relay'] }),
  },
  // One token, not the user's: the tokens of the other attacks must live.
  revoke: {
    ...own,
    success: 'TOKENS_REVOKED',
    good: withKey({ tenantSpaceId: TENANT, jti: 'nobody-s-own-token-id' }),
  },
  putUser: {
    ...own,
    success: 'USER_WRITTEN',
    good: withKey({ tenantSpaceId: TENANT, userId: 'bystander', userName: 'Ann', status: 'active' }),
  },
  batchUsers: {
    ...own,
    success: 'USERS_WRITTEN',
    good: withKey({
      tenantSpaceId: TENANT,
      users: [{ userId: 'bystander', userName: 'Ann', status: 'active' }],
    }),
  },
  queryUsers: {
    ...own,
    success: 'USERS_SHOWN',
    good: withKey({ tenantSpaceId: TENANT, userIds: ['bystander'] }),
  },
  listUsers: { ...own, success: 'USERS_LISTED', good: withKey({ tenantSpaceId: TENANT, limit: 1 }) },
  applyToken: { ...cec, success: 'CHAT_TOKEN_ISSUED', good: withKey(GOOD_BODIES.applyToken) },
  send: {
    ...cec,
    success: 'CHAT_RELAYED',
    good: ({ vendors, credentials }) => sendParts(vendors, credentials.chatToken),
  },
  poll: {
    ...cec,
    success: 'CHAT_RELAYED',
    good: ({ vendors, credentials }) => pollParts(vendors, credentials.chatToken),
  },
  sendAsync: further('sendAsync'),
  queryHistoryChatMessage: further('queryHistoryChatMessage'),
  doLeaveMessage: further('doLeaveMessage'),
  getsatisfactionsurveymode: further('getsatisfactionsurveymode'),
  saveSatisfaction: further('saveSatisfaction'),
  uploadFileStream: {
    ...cec,
    success: 'FILE_UPLOADED',
    good: ({ vendors, credentials }) => uploadParts(vendors, credentials.chatToken),
  },
  downloadFileStream: {
    ...cec,
    success: 'FILE_DOWNLOADED',
    good: ({ vendors, credentials }) => downloadParts(vendors, credentials.chatToken),
  },
  appCubeToken: {
    dialect: 'oiap',
    success: 'APP_CUBE_TOKEN_ISSUED',
    status: 200,
    good: withKey(GOOD_BODIES.appCubeToken),
    calls: {},
  },
  oiapThirdPartyToken: {
    dialect: 'oiap',
    success: 'OIAP_THIRD_PARTY_TOKEN_ISSUED',
    status: 200,
    good: withKey(GOOD_BODIES.oiapThirdPartyToken),
    calls: {},
  },
  liveMessageToken: {
    dialect: 'live',
    success: 'LIVE_TOKEN_ISSUED',
    status: 200,
    // The user's own id: a user's credential asks for nobody else.
    good: withKey({ ...GOOD_BODIES.liveMessageToken, UserId: USER.userId }),
    calls: { live: 1 },
  },
  liveImToken: {
    ...computed,
    dialect: 'live',
    success: 'LIVE_IM_TOKEN_ISSUED',
    good: withKey({ ...GOOD_BODIES.liveImToken, role: '' }),
  },
  liveRtcToken: {
    ...computed,
    dialect: 'live',
    success: 'LIVE_RTC_TOKEN_ISSUED',
    good: withKey(GOOD_BODIES.liveRtcToken),
  },
  auiOldToken: {
    dialect: 'aui',
    success: 'AUI_LIVE_TOKEN_ISSUED',
    status: 200,
    good: withKey(AUI_V1_BODIES.live, 'POST', '/api/v1/live/token'),
    calls: { live: 1 },
  },
  auiNewToken: {
    ...computed,
    dialect: 'aui',
    success: 'AUI_LIVE_TOKEN_ISSUED',
    good: withKey(GOOD_BODIES.auiLiveToken, 'POST', '/api/v2/live/token'),
  },
  auiRoomToken: {
    ...computed,
    dialect: 'aui',
    success: 'AUI_RTC_TOKEN_ISSUED',
    good: withKey(AUI_V1_BODIES.rtc, 'POST', '/api/v1/live/getRtcAuthToken'),
  },
  auiAgentToken: {
    ...computed,
    dialect: 'aui',
    success: 'AUI_RTC_TOKEN_ISSUED',
    good: withKey(GOOD_BODIES.auiRtcToken, 'POST', '/api/v2/aiagent/getRtcAuthToken'),
  },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof ROUTES

export const routeOf = (name: RouteName): Route => ROUTES[name]

const names = Object.keys(ROUTES) as RouteName[]

/** What a caller needs on each route that wants one. */
export const SCOPE_OF = {
  issue: 'enterprise-token:issue',
  accessToken: 'access-token:issue',
  agentToken: 'agent-token:issue',
  revoke: 'enterprise-token:revoke',
  putUser: 'users:write',
  batchUsers: 'users:write',
  queryUsers: 'users:read',
  listUsers: 'users:read',
  applyToken: 'chat-token:issue',
  send: 'chat:relay',
  poll: 'chat:relay',
  sendAsync: 'chat:relay',
  queryHistoryChatMessage: 'chat:relay',
  doLeaveMessage: 'chat:relay',
  getsatisfactionsurveymode: 'chat:relay',
  saveSatisfaction: 'chat:relay',
  uploadFileStream: 'chat:relay',
  downloadFileStream: 'chat:relay',
  appCubeToken: 'app-cube-token:issue',
  oiapThirdPartyToken: 'oiap-third-party-token:issue',
  liveMessageToken: 'live-token:issue',
  liveImToken: 'live-token:issue',
  liveRtcToken: 'rtc-token:issue',
  auiOldToken: 'live-token:issue',
  auiNewToken: 'live-token:issue',
  auiRoomToken: 'rtc-token:issue',
  auiAgentToken: 'rtc-token:issue',
} as const satisfies Partial<Record<RouteName, Scope>>

/** Routes that want a caller. */
export const KEYED = Object.keys(SCOPE_OF) as (keyof typeof SCOPE_OF)[]
/** Routes whose tenant stands in the body. */
export const NAMING = [
  'issue',
  'accessToken',
  'agentToken',
  'revoke',
  'putUser',
  'batchUsers',
  'queryUsers',
  'listUsers',
] as const
/** Routes whose tenant is the caller's own, or the one in X-Tenant-Space-Id. */
export const BOUND = [
  'applyToken',
  'send',
  'poll',
  'sendAsync',
  'queryHistoryChatMessage',
  'doLeaveMessage',
  'getsatisfactionsurveymode',
  'saveSatisfaction',
  'uploadFileStream',
  'downloadFileStream',
  'appCubeToken',
  'oiapThirdPartyToken',
  'liveMessageToken',
  'liveImToken',
  'liveRtcToken',
  'auiOldToken',
  'auiNewToken',
  'auiRoomToken',
  'auiAgentToken',
] as const
/** Routes that lead a user to the vendors, whichever credential it has. */
const VENDORS = [
  'applyToken',
  'send',
  'poll',
  'sendAsync',
  'queryHistoryChatMessage',
  'doLeaveMessage',
  'getsatisfactionsurveymode',
  'saveSatisfaction',
  'uploadFileStream',
  'downloadFileStream',
  'liveMessageToken',
  'liveImToken',
  'auiOldToken',
  'auiNewToken',
] as const
/** Routes that take a user's access token. */
export const PAGED = [...VENDORS, 'liveRtcToken', 'auiRoomToken', 'auiAgentToken'] as const
/** Routes that take a user's token of an identity provider. */
export const USERS = ['issue', ...VENDORS] as const
/** Routes for back ends alone. */
export const BACK_ENDS = [
  'accessToken',
  'agentToken',
  'revoke',
  'putUser',
  'batchUsers',
  'queryUsers',
  'listUsers',
  'appCubeToken',
  'oiapThirdPartyToken',
] as const
/** Routes for a token of OIAP's. */
export const OIAP = names.filter((name) => ROUTES[name].dialect === 'oiap')
/** Routes that read a JSON body. */
export const WITH_BODY = names.filter(
  (name) => name !== 'listedValidate' && name !== 'jwks' && name !== 'poll',
)
