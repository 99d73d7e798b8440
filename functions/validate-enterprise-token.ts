/** POST …/chatThirdPartyValidate: CEC asks whether a token is really ours. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { recentDirectory } from '../lib/directory/recent.ts'
import { enterpriseTokenVerifier } from '../lib/enterprise-token/verify.ts'
import { CEC_VALID, cecValidateDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { ValidateRequest } from '../lib/schemas/enterprise-token.ts'
import { parseSources } from '../lib/schemas/sources.ts'
import { JWKS } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'

const SETTINGS = ['ISSUER', 'DIRECTORY_TABLE', 'CEC_SOURCE_CIDRS'] as const

export const validateEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [JWKS])
  const sources = parseSources(settings.CEC_SOURCE_CIDRS)
  const verify = enterpriseTokenVerifier({
    secrets,
    directory: recentDirectory(dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }), now),
    issuer: settings.ISSUER,
    now,
  })

  return httpHandler({
    name: 'validateEnterpriseToken',
    access: 'public',
    ...(sources === undefined ? {} : { sources }),
    input: ValidateRequest,
    dialect: cecValidateDialect,
    success: 'TOKEN_VALID',
    log,
    run: async ({ input: { Token: token, userId, userName, tenantSpaceId }, deadline, note }) => {
      await verify({ token, userId, userName, tenantSpaceId }, deadline, note)
      return CEC_VALID
    },
  })
}

export const handler = validateEnterpriseToken(processRuntime())
