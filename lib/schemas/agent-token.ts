/** The agent token's claims, and the bodies of the two routes that deal in it. */

import * as z from 'zod/mini'
import { Jti, seconds, Version } from './enterprise-token.ts'
import { TenantSpaceId, UserAccount } from './ids.ts'

/** Not one that an audience of visitors can begin with: `urn:cec:` is followed by the tenant there. */
export const AGENT_AUDIENCE_PREFIX = 'urn:cec-agent:'

/** All required, no others: what we do not put in, we do not accept. */
export const AgentTokenClaims = z.strictObject({
  iss: z.string('expected a string'),
  aud: z
    .string('expected a string')
    .check(z.startsWith(AGENT_AUDIENCE_PREFIX, `expected ${AGENT_AUDIENCE_PREFIX}<tenantSpaceId>`)),
  sub: z.string('expected a string').check(z.minLength(1)),
  jti: Jti,
  ver: Version,
  iat: seconds,
  exp: seconds,
})

export type AgentTokenClaims = z.infer<typeof AgentTokenClaims>

/** POST /agent-tokens. Our own route: unknown members are refused. A caller whose credential names the tenant need not. */
export const AgentTokenRequest = z.strictObject({
  userAccount: UserAccount,
  tenantSpaceId: z.optional(TenantSpaceId),
})

export interface Agent {
  readonly userAccount: string
  readonly tenantSpaceId: string
}

/** CEC's thirdPartyValidate for agents: three strings. What else CEC may send is undocumented, and ignored. */
export const ValidateAgentRequest = z.object({
  access_token: z.string('expected a string').check(z.minLength(1, 'expected a token')),
  userAccount: z.string('expected a string').check(z.minLength(1, 'expected an account')),
  tenantSpaceId: z.string('expected a string').check(z.minLength(1, 'expected an id')),
})
