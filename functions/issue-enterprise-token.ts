/** POST /enterprise-tokens: an enterprise token for a user of the caller's. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { enterpriseTokenIssuer } from '../lib/enterprise-token/issue.ts'
import { backEndsAndUsers, CALLER_SETTINGS } from '../lib/http/caller-sets.ts'
import { ownDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { requireTenant, userOf } from '../lib/http/principal.ts'
import { issueRequest } from '../lib/schemas/enterprise-token.ts'
import { CALLERS, SIGNING_KEY } from '../lib/secrets/definitions.ts'
import { ISSUE_LIMIT_SETTINGS, issueLimit } from '../lib/signed-token/issue-limit.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

const SETTINGS = [
  ...CALLER_SETTINGS,
  'ISSUER',
  'DIRECTORY_TABLE',
  'DIRECTORY',
  'TOKEN_LIFETIME_SECONDS',
  ...ISSUE_LIMIT_SETTINGS,
] as const

export const issueEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, SIGNING_KEY])
  const issue = enterpriseTokenIssuer({
    secrets,
    directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }),
    directoryMode: settings.DIRECTORY,
    issuer: settings.ISSUER,
    lifetimeSeconds: settings.TOKEN_LIFETIME_SECONDS,
    now,
    newId,
  })
  const limit = issueLimit(runtime, settings, log)

  return httpHandler({
    name: 'issueEnterpriseToken',
    access: 'enterprise-token:issue',
    callers: backEndsAndUsers(runtime, secrets, settings),
    input: issueRequest(settings),
    dialect: ownDialect,
    success: 'TOKEN_ISSUED',
    log,
    run: async ({ input, caller, deadline, note }) => {
      requireTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId: input.tenantSpaceId })
      const user = { ...userOf(caller, input), tenantSpaceId: input.tenantSpaceId }
      note({ userId: user.userId })
      await limit(user, deadline)
      const { token, expiresAt, lifetimeSeconds, jti, kid } = await issue(user, caller, deadline)
      note({ jti, kid })
      return {
        status: 201,
        body: {
          token,
          expiresAt: expiresAt.toISOString(),
          expiresIn: lifetimeSeconds,
          thirdUserData: {
            thirdUserToken: token,
            thirdUserName: user.userName,
            thirdUserId: user.userId,
          },
        },
      }
    },
  })
}

export const handler = issueEnterpriseToken(processRuntime())
