/** Issuing of agent tokens, with which an agent's page opens CEC's workbench. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Admissions } from '../directory/directory.ts'
import { AGENT_TOKEN_TYPE } from '../jwt/format.ts'
import { AGENT_AUDIENCE_PREFIX, type Agent } from '../schemas/agent-token.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { type IssuedToken, type SignDeps, tokenSigner } from '../signed-token/issue.ts'
import { keyAndAdmission } from '../signed-token/may-issue.ts'

export interface AgentIssueDeps extends SignDeps {
  readonly secrets: SecretReader
  readonly directory: Admissions
}

/**
 * Issues a token of at most 3600 s for one agent of one tenant. The directory need not know the agent: whoever asks vouches for
 * it. Checks neither who asks nor for which tenant they may. Throws KEYS_NOT_INITIALISED, KEY_REVOKED, and what secrets and
 * directory throw.
 */
export const agentTokenIssuer = (deps: AgentIssueDeps) => {
  const current = keyAndAdmission(deps)
  const sign = tokenSigner(deps, AGENT_TOKEN_TYPE)
  return async ({ userAccount, tenantSpaceId }: Agent, deadline: Deadline): Promise<IssuedToken> => {
    const found = await current({ kind: 'agent', tenantSpaceId, userId: userAccount }, deadline)
    return sign({ sub: userAccount, audience: AGENT_AUDIENCE_PREFIX + tenantSpaceId }, found)
  }
}
