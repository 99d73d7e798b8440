/** Tokens of this system: issued, validated, revoked, and the keys that others verify them with. */

import { BACK_ENDS, BACK_ENDS_AND_USERS } from '../http/credentials.ts'
import { cecValidateErrors, ownErrors } from '../http/error-formats.ts'
import type { RouteDescriptor } from '../http/route.ts'
import { JWKS, SIGNING_KEY } from '../secrets/definitions.ts'

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
