/** POST …/chatThirdPartyValidate: CEC asks whether a token is really ours. Wiring only. */

import { cachedDirectory } from '../lib/directory/cached-directory.ts'
import { dynamoAdmissions } from '../lib/directory/dynamodb.ts'
import { enterpriseTokenVerifier } from '../lib/enterprise-token/verify.ts'
import { CEC_VALID, cecValidateDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { ValidateRequest } from '../lib/schemas/enterprise-token.ts'
import { parseSources } from '../lib/schemas/sources.ts'
import { JWKS } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

const SETTINGS = ['ISSUER', 'DIRECTORY_TABLE', 'CEC_SOURCE_CIDRS'] as const

export const validateEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [JWKS])
  const sources = parseSources(settings.CEC_SOURCE_CIDRS)
  const verify = enterpriseTokenVerifier({
    secrets,
    directory: cachedDirectory(dynamoAdmissions({ table: settings.DIRECTORY_TABLE, random }), now),
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
