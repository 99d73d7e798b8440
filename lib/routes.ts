/**
 * Every route, each once and as data: the function's wiring, the settings and secrets that it reads at its start, and the tables of
 * tests and documents are made from this or held against it. Imported by name, so that a package holds its own route alone.
 */

import {
  ACCESS_TOKENS_AND_BACK_ENDS,
  BACK_ENDS,
  BACK_ENDS_AND_USERS,
  PAGES_AND_BACK_ENDS,
} from './http/credentials.ts'
import {
  auiErrors,
  cecErrors,
  cecValidateErrors,
  liveErrors,
  oiapErrors,
  ownErrors,
} from './http/error-formats.ts'
import type { RouteDescriptor } from './http/route.ts'
import { FILE_BODY_LIMIT } from './schemas/file-size.ts'
import { BATCH_BODY_LIMIT } from './schemas/users.ts'
import { JWKS, SIGNING_KEY, TOKEN_STORE_KEY } from './secrets/definitions.ts'

export const ISSUE_ENTERPRISE_TOKEN = {
  name: 'issueEnterpriseToken',
  endpoints: ['POST /enterprise-tokens'],
  access: 'enterprise-token:issue',
  credentials: BACK_ENDS_AND_USERS,
  settings: [
    'ISSUER',
    'DIRECTORY_TABLE',
    'DIRECTORY',
    'JUST_IN_TIME_USER_DAYS',
    'TOKEN_LIFETIME_SECONDS',
    'TOKENS_TABLE',
    'ISSUES_PER_USER_AND_MINUTE',
  ],
  secrets: [SIGNING_KEY, JWKS],
  success: { status: 201, code: 'TOKEN_ISSUED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

export const ISSUE_ACCESS_TOKEN = {
  name: 'issueAccessToken',
  endpoints: ['POST /access-tokens'],
  access: 'access-token:issue',
  credentials: BACK_ENDS,
  settings: [
    'ISSUER',
    'DIRECTORY_TABLE',
    'DIRECTORY',
    'JUST_IN_TIME_USER_DAYS',
    'ACCESS_TOKEN_LIFETIME_SECONDS',
    'TOKENS_TABLE',
    'ISSUES_PER_USER_AND_MINUTE',
  ],
  secrets: [SIGNING_KEY, JWKS],
  success: { status: 201, code: 'ACCESS_TOKEN_ISSUED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** An operator may give its path a random segment: the parameter `validatePath`. */
export const VALIDATE_ENTERPRISE_TOKEN = {
  name: 'validateEnterpriseToken',
  endpoints: ['POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'],
  access: 'public',
  settings: ['ISSUER', 'DIRECTORY_TABLE', 'CEC_SOURCE_CIDRS'],
  secrets: [JWKS],
  success: { status: 200, code: 'TOKEN_VALID' },
  errorFormat: cecValidateErrors,
} as const satisfies RouteDescriptor

export const ISSUE_AGENT_TOKEN = {
  name: 'issueAgentToken',
  endpoints: ['POST /agent-tokens'],
  access: 'agent-token:issue',
  credentials: BACK_ENDS,
  settings: [
    'ISSUER',
    'DIRECTORY_TABLE',
    'TOKEN_LIFETIME_SECONDS',
    'TOKENS_TABLE',
    'ISSUES_PER_USER_AND_MINUTE',
  ],
  secrets: [SIGNING_KEY, JWKS],
  success: { status: 201, code: 'AGENT_TOKEN_ISSUED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** An operator may give its path a random segment: the parameter `validateAgentPath`. */
export const VALIDATE_AGENT_TOKEN = {
  name: 'validateAgentToken',
  endpoints: ['POST /rest/cc-management/v1/thirdparty/thirdPartyValidate'],
  access: 'public',
  settings: ['ISSUER', 'DIRECTORY_TABLE', 'CEC_SOURCE_CIDRS'],
  secrets: [JWKS],
  success: { status: 200, code: 'AGENT_TOKEN_VALID' },
  errorFormat: cecValidateErrors,
} as const satisfies RouteDescriptor

export const REVOKE_ENTERPRISE_TOKENS = {
  name: 'revokeEnterpriseTokens',
  endpoints: ['POST /enterprise-tokens/revocations'],
  access: 'enterprise-token:revoke',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'TOKENS_REVOKED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

export const PUT_USER = {
  name: 'putUser',
  endpoints: ['PUT /users'],
  access: 'users:write',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'USER_WRITTEN' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** Up to 100 at once, each with its own result. */
export const BATCH_USERS = {
  name: 'batchUsers',
  endpoints: ['POST /users/batch'],
  access: 'users:write',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  bodyLimit: BATCH_BODY_LIMIT,
  success: { status: 200, code: 'USERS_WRITTEN' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** Up to 100 that the back end names. */
export const QUERY_USERS = {
  name: 'queryUsers',
  namesNoUser: true,
  endpoints: ['POST /users/query'],
  access: 'users:read',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'USERS_SHOWN' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

/** All of a tenant, page by page. */
export const LIST_USERS = {
  name: 'listUsers',
  namesNoUser: true,
  endpoints: ['POST /users/list'],
  access: 'users:read',
  credentials: BACK_ENDS,
  settings: ['DIRECTORY_TABLE'],
  secrets: [],
  success: { status: 200, code: 'USERS_LISTED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

export const PUBLISH_KEYS = {
  name: 'jwks',
  namesNoUser: true,
  endpoints: ['GET /.well-known/jwks.json'],
  access: 'public',
  settings: [],
  secrets: [JWKS],
  success: { status: 200, code: 'JWKS_SERVED' },
  errorFormat: ownErrors,
} as const satisfies RouteDescriptor

export const APPLY_TOKEN = {
  name: 'applyToken',
  endpoints: ['POST /apiaccess/ccmessaging/applyToken'],
  access: 'chat-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'CHAT_TOKEN_ISSUED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

export const RELAY_CHAT = {
  name: 'chatRelay',
  endpoints: ['POST /apiaccess/ccmessaging/send', 'GET /apiaccess/ccmessaging/poll'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: [
    'TOKENS_TABLE',
    'POLL_SECONDS',
    'LONGEST_POLL_SECONDS',
    'SHORTEST_POLL_SECONDS',
    'POLL_EXECUTIONS',
  ],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'CHAT_RELAYED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

/** What a chat needs beside messages and files. */
export const RELAY_CHAT_CALLS = {
  name: 'chatCalls',
  endpoints: [
    'POST /apiaccess/ccmessaging/sendAsync',
    'POST /apiaccess/ccmessaging/queryHistoryChatMessage',
    'POST /apiaccess/ccmessaging/doLeaveMessage',
    'POST /apiaccess/ccmessaging/getsatisfactionsurveymode',
    'POST /apiaccess/ccmessaging/saveSatisfaction',
  ],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'CHAT_CALL_RELAYED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

/** A file for the agent, which a message of `send` then names. */
export const UPLOAD_FILE_STREAM = {
  name: 'uploadFileStream',
  endpoints: ['POST /apiaccess/ccmessaging/uploadFileStream'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  bodyLimit: FILE_BODY_LIMIT,
  success: { status: 200, code: 'FILE_UPLOADED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

/** A file of the agent's, which a message of `poll` has named. */
export const DOWNLOAD_FILE_STREAM = {
  name: 'downloadFileStream',
  endpoints: ['POST /apiaccess/ccmessaging/downloadFileStream'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['cec'],
  success: { status: 200, code: 'FILE_DOWNLOADED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

export const APP_CUBE_TOKEN = {
  name: 'appCubeToken',
  namesNoUser: true,
  endpoints: ['POST /oifde/rest/appcube/api/getAppCubeToken'],
  access: 'app-cube-token:issue',
  credentials: BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['oiap'],
  success: { status: 200, code: 'APP_CUBE_TOKEN_ISSUED' },
  errorFormat: oiapErrors,
} as const satisfies RouteDescriptor

export const OIAP_THIRD_PARTY_TOKEN = {
  name: 'oiapThirdPartyToken',
  namesNoUser: true,
  endpoints: ['POST /oifde/rest/api/gettoken'],
  access: 'oiap-third-party-token:issue',
  credentials: BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['oiap-third-party'],
  success: { status: 200, code: 'OIAP_THIRD_PARTY_TOKEN_ISSUED' },
  errorFormat: oiapErrors,
} as const satisfies RouteDescriptor

export const LIVE_MESSAGE_TOKEN = {
  name: 'liveMessageToken',
  endpoints: ['POST /live/GetMessageToken'],
  access: 'live-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [],
  tenantSecrets: ['live'],
  success: { status: 200, code: 'LIVE_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor

/** Alibaba's new interactive messaging. */
export const LIVE_IM_TOKEN = {
  name: 'liveImToken',
  endpoints: ['POST /live/MessageToken'],
  access: 'live-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: [],
  secrets: [],
  tenantSecrets: ['live-im'],
  success: { status: 200, code: 'LIVE_IM_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor

export const LIVE_RTC_TOKEN = {
  name: 'liveRtcToken',
  endpoints: ['POST /live/RtcToken'],
  access: 'rtc-token:issue',
  credentials: ACCESS_TOKENS_AND_BACK_ENDS,
  settings: [],
  secrets: [],
  tenantSecrets: ['live-rtc'],
  success: { status: 200, code: 'LIVE_RTC_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor

/** Alibaba's ready clients (AUI Kits), which ask for messaging tokens at these addresses. */
export const AUI_LIVE_TOKEN = {
  name: 'auiLiveToken',
  endpoints: ['POST /api/v2/live/token', 'POST /api/v1/live/token'],
  access: 'live-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [],
  tenantSecrets: ['live', 'live-im'],
  success: { status: 200, code: 'AUI_LIVE_TOKEN_ISSUED' },
  errorFormat: auiErrors,
} as const satisfies RouteDescriptor

/** The same of RTC. */
export const AUI_RTC_TOKEN = {
  name: 'auiRtcToken',
  endpoints: ['POST /api/v2/aiagent/getRtcAuthToken', 'POST /api/v1/live/getRtcAuthToken'],
  access: 'rtc-token:issue',
  credentials: ACCESS_TOKENS_AND_BACK_ENDS,
  settings: [],
  secrets: [],
  tenantSecrets: ['live-rtc'],
  success: { status: 200, code: 'AUI_RTC_TOKEN_ISSUED' },
  errorFormat: auiErrors,
} as const satisfies RouteDescriptor
