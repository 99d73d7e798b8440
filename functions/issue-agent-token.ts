/** POST /agent-tokens: a token for an agent of the caller's. Wiring only. */

import { agentTokenIssuer } from '../lib/agent-token/issue.ts'
import { dynamoAdmissions } from '../lib/directory/dynamodb.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { ISSUE_AGENT_TOKEN } from '../lib/routes.ts'
import { AgentTokenRequest } from '../lib/schemas/agent-token.ts'
import { issueLimit } from '../lib/signed-token/issue-limit.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const issueAgentToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const start = startFunction(runtime, ISSUE_AGENT_TOKEN)
  const { settings, log, secrets } = start
  const issue = agentTokenIssuer({
    secrets,
    directory: dynamoAdmissions({ table: settings.DIRECTORY_TABLE, random }),
    issuer: settings.ISSUER,
    lifetimeSeconds: settings.TOKEN_LIFETIME_SECONDS,
    now,
    newId,
  })
  const limit = issueLimit(runtime, settings, log)

  return callerHandler(ISSUE_AGENT_TOKEN, {
    log,
    callers: backEnds(start),
    input: fromBody(AgentTokenRequest),
    run: async ({ input, caller, deadline, note }) => {
      const agent = { ...input, tenantSpaceId: bodyTenant(caller, input.tenantSpaceId) }
      note({ tenantSpaceId: agent.tenantSpaceId, userId: agent.userAccount })
      await limit(agent, deadline)
      const { token, expiresAt, lifetimeSeconds, jti, kid } = await issue(agent, deadline)
      note({ jti, kid })
      return { body: { token, expiresAt: expiresAt.toISOString(), expiresIn: lifetimeSeconds } }
    },
  })
}

export const handler = issueAgentToken(processRuntime())
