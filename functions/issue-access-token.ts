/** POST /access-tokens: an access token for the page of a user of the caller's. Wiring only. */

import { accessTokenIssuer } from '../lib/access-token/issue.ts'
import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { backEnds, CALLER_SETTINGS } from '../lib/http/caller-sets.ts'
import { ownDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { requireTenant } from '../lib/http/principal.ts'
import { accessTokenRequest } from '../lib/schemas/access-token.ts'
import { CALLERS, SIGNING_KEY } from '../lib/secrets/definitions.ts'
import { ISSUE_LIMIT_SETTINGS, issueLimit } from '../lib/signed-token/issue-limit.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

const SETTINGS = [
  ...CALLER_SETTINGS,
  'ISSUER',
  'DIRECTORY_TABLE',
  'DIRECTORY',
  'ACCESS_TOKEN_LIFETIME_SECONDS',
  ...ISSUE_LIMIT_SETTINGS,
] as const

export const issueAccessToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, SIGNING_KEY])
  const issue = accessTokenIssuer({
    secrets,
    directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }),
    directoryMode: settings.DIRECTORY,
    issuer: settings.ISSUER,
    lifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME_SECONDS,
    now,
    newId,
  })
  const limit = issueLimit(runtime, settings, log)

  return httpHandler({
    name: 'issueAccessToken',
    access: 'access-token:issue',
    callers: backEnds(runtime, secrets, settings),
    input: accessTokenRequest(settings),
    dialect: ownDialect,
    success: 'ACCESS_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, deadline, note }) => {
      requireTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId: input.tenantSpaceId, userId: input.userId })
      await limit(input, deadline)
      const issued = await issue(input, caller, deadline)
      note({ jti: issued.jti, kid: issued.kid })
      return {
        status: 201,
        body: {
          accessToken: issued.token,
          tokenType: 'Bearer',
          expiresAt: issued.expiresAt.toISOString(),
          expiresIn: issued.lifetimeSeconds,
          scopes: input.scopes,
        },
      }
    },
  })
}

export const handler = issueAccessToken(processRuntime())
