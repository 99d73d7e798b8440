/** POST …/chatThirdPartyValidate: CEC asks whether a token is really ours. Wiring only. */

import { recentAdmissions } from '../lib/directory/dynamodb.ts'
import { enterpriseTokenVerifier } from '../lib/enterprise-token/verify.ts'
import { CEC_VALID } from '../lib/http/error-formats.ts'
import { type HttpHandler, publicHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { primed } from '../lib/priming/primed.ts'
import { enterpriseTokenOfNobody } from '../lib/priming/requests.ts'
import { VALIDATE_ENTERPRISE_TOKEN } from '../lib/routes.ts'
import { ValidateRequest } from '../lib/schemas/enterprise-token.ts'
import { parseSources } from '../lib/schemas/sources.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const validateEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, VALIDATE_ENTERPRISE_TOKEN)
  const sources = parseSources(settings.CEC_SOURCE_CIDRS)
  const verify = enterpriseTokenVerifier({
    secrets,
    directory: recentAdmissions({ table: settings.DIRECTORY_TABLE, random }, now),
    issuer: settings.ISSUER,
    now,
  })

  return publicHandler(VALIDATE_ENTERPRISE_TOKEN, {
    log,
    ...(sources === undefined ? {} : { sources }),
    input: fromBody(ValidateRequest),
    run: async ({ input: { Token: token, userId, userName, tenantSpaceId }, deadline, note }) => {
      await verify({ token, userId, userName, tenantSpaceId }, deadline, note)
      return CEC_VALID
    },
  })
}

export const handler = await primed(
  validateEnterpriseToken,
  enterpriseTokenOfNobody(VALIDATE_ENTERPRISE_TOKEN),
)
