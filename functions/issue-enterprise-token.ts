/** POST /enterprise-tokens: an enterprise token for a user of the caller's. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { enterpriseTokenIssuer } from '../lib/enterprise-token/issue.ts'
import { requireTenant } from '../lib/http/callers.ts'
import { ownDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/runtime.ts'
import { issueRequest } from '../lib/schemas/enterprise-token.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { CALLERS, SIGNING_KEY } from '../lib/secrets/definitions.ts'
import { prefetch, secretReader } from '../lib/secrets/reader.ts'

const SETTINGS = [
  'STAGE',
  'SECRETS_PREFIX',
  'ISSUER',
  'DIRECTORY_TABLE',
  'DIRECTORY',
  'TOKEN_LIFETIME_SECONDS',
  'USER_ID_PATTERN',
  'LOG_LEVEL',
] as const

export const issueEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const settings = readSettings(runtime.env, SETTINGS)
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: awsSecretSource(),
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log,
  })
  prefetch(secrets, [CALLERS, SIGNING_KEY])
  const issue = enterpriseTokenIssuer({
    secrets,
    directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }),
    issuer: settings.ISSUER,
    lifetimeSeconds: settings.TOKEN_LIFETIME_SECONDS,
    now,
    newId,
  })

  return httpHandler({
    name: 'issueEnterpriseToken',
    access: 'enterprise-token:issue',
    callers: { secrets, stage: settings.STAGE, now },
    input: issueRequest(settings.USER_ID_PATTERN),
    dialect: ownDialect,
    success: 'TOKEN_ISSUED',
    log,
    run: async ({ input, caller, deadline, note }) => {
      requireTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId: input.tenantSpaceId })
      const mayVouch = settings.DIRECTORY === 'on-issue' && caller.scopes.includes('users:vouch')
      const { token, expiresAt, lifetimeSeconds, jti, kid } = await issue(input, { mayVouch }, deadline)
      note({ jti, kid })
      return {
        status: 201,
        body: {
          token,
          expiresAt: expiresAt.toISOString(),
          expiresIn: lifetimeSeconds,
          thirdUserData: {
            thirdUserToken: token,
            thirdUserName: input.userName,
            thirdUserId: input.userId,
          },
        },
      }
    },
  })
}

export const handler = issueEnterpriseToken(processRuntime())
