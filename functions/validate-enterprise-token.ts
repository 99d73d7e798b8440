/** POST …/chatThirdPartyValidate: CEC asks whether a token is really ours. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { recentDirectory } from '../lib/directory/recent.ts'
import { enterpriseTokenVerifier } from '../lib/enterprise-token/verify.ts'
import { CEC_VALID, cecValidateDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/runtime.ts'
import { ValidateRequest } from '../lib/schemas/enterprise-token.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { JWKS } from '../lib/secrets/definitions.ts'
import { prefetch, secretReader } from '../lib/secrets/reader.ts'

const SETTINGS = ['SECRETS_PREFIX', 'ISSUER', 'DIRECTORY_TABLE', 'LOG_LEVEL'] as const

export const validateEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const settings = readSettings(runtime.env, SETTINGS)
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: awsSecretSource(),
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log,
  })
  prefetch(secrets, [JWKS])
  const verify = enterpriseTokenVerifier({
    secrets,
    directory: recentDirectory(dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }), now),
    issuer: settings.ISSUER,
    now,
  })

  return httpHandler({
    name: 'validateEnterpriseToken',
    access: 'public',
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
