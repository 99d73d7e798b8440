/** POST …/thirdPartyValidate: CEC asks whether an agent's token is really ours. Wiring only. */

import { agentTokenVerifier } from '../lib/agent-token/verify.ts'
import { recentAdmissions } from '../lib/directory/dynamodb.ts'
import { CEC_VALID } from '../lib/http/error-formats.ts'
import { type HttpHandler, publicHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { primed } from '../lib/priming/primed.ts'
import { agentTokenOfNobody } from '../lib/priming/requests.ts'
import { VALIDATE_AGENT_TOKEN } from '../lib/routes.ts'
import { ValidateAgentRequest } from '../lib/schemas/agent-token.ts'
import { parseSources } from '../lib/schemas/sources.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const validateAgentToken = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, VALIDATE_AGENT_TOKEN)
  const sources = parseSources(settings.CEC_SOURCE_CIDRS)
  const verify = agentTokenVerifier({
    secrets,
    directory: recentAdmissions({ table: settings.DIRECTORY_TABLE, random }, now),
    issuer: settings.ISSUER,
    now,
  })

  return publicHandler(VALIDATE_AGENT_TOKEN, {
    log,
    ...(sources === undefined ? {} : { sources }),
    input: fromBody(ValidateAgentRequest),
    run: async ({ input: { access_token: token, userAccount, tenantSpaceId }, deadline, note }) => {
      await verify({ token, userAccount, tenantSpaceId }, deadline, note)
      return CEC_VALID
    },
  })
}

export const handler = await primed(validateAgentToken, agentTokenOfNobody(VALIDATE_AGENT_TOKEN))
