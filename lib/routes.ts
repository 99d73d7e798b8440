/**
 * Every route, each once and as data: the function's wiring, the settings and secrets that it reads at its start, and the tables of
 * tests and documents are made from this or held against it. Imported by name, so that a package holds its own route alone.
 */

import { BACK_ENDS, BACK_ENDS_AND_USERS, PAGES_AND_BACK_ENDS } from './http/credentials.ts'
import { cecErrors, cecValidateErrors, liveErrors, oiapErrors, ownErrors } from './http/error-formats.ts'
import type { RouteDescriptor } from './http/route.ts'
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
    'TOKEN_LIFETIME_SECONDS',
    'TOKENS_TABLE',
    'ISSUES_PER_USER_AND_MINUTE',
  ],
  secrets: [SIGNING_KEY],
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
    'ACCESS_TOKEN_LIFETIME_SECONDS',
    'TOKENS_TABLE',
    'ISSUES_PER_USER_AND_MINUTE',
  ],
  secrets: [SIGNING_KEY],
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

export const PUBLISH_KEYS = {
  name: 'jwks',
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
  tenantSecret: 'cec',
  success: { status: 200, code: 'CHAT_TOKEN_ISSUED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

export const RELAY_CHAT = {
  name: 'chatRelay',
  endpoints: ['POST /apiaccess/ccmessaging/send', 'GET /apiaccess/ccmessaging/poll'],
  access: 'chat:relay',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE', 'POLL_SECONDS', 'LONGEST_POLL_SECONDS'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecret: 'cec',
  success: { status: 200, code: 'CHAT_RELAYED' },
  errorFormat: cecErrors,
} as const satisfies RouteDescriptor

export const APP_CUBE_TOKEN = {
  name: 'appCubeToken',
  endpoints: ['POST /oifde/rest/appcube/api/getAppCubeToken'],
  access: 'app-cube-token:issue',
  credentials: BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecret: 'oiap',
  success: { status: 200, code: 'APP_CUBE_TOKEN_ISSUED' },
  errorFormat: oiapErrors,
} as const satisfies RouteDescriptor

export const OIAP_THIRD_PARTY_TOKEN = {
  name: 'oiapThirdPartyToken',
  endpoints: ['POST /oifde/rest/api/gettoken'],
  access: 'oiap-third-party-token:issue',
  credentials: BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecret: 'oiap-third-party',
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
  tenantSecret: 'live',
  success: { status: 200, code: 'LIVE_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor
