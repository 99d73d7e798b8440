/** POST /access-tokens: an access token for the page of a user of the caller's. Wiring only. */

import { accessTokenIssuer } from '../lib/access-token/issue.ts'
import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { primed } from '../lib/priming/primed.ts'
import { byBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { ISSUE_ACCESS_TOKEN } from '../lib/routes.ts'
import { accessTokenRequest } from '../lib/schemas/access-token.ts'
import { issueLimit } from '../lib/signed-token/issue-limit.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const issueAccessToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const start = startFunction(runtime, ISSUE_ACCESS_TOKEN)
  const { settings, log, secrets } = start
  const issue = accessTokenIssuer({
    secrets,
    directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }),
    directoryMode: settings.DIRECTORY,
    justInTimeDays: settings.JUST_IN_TIME_USER_DAYS,
    limit: issueLimit(runtime, settings, log),
    issuer: settings.ISSUER,
    lifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME_SECONDS,
    now,
    newId,
  })

  return callerHandler(ISSUE_ACCESS_TOKEN, {
    log,
    callers: backEnds(start),
    input: fromBody(accessTokenRequest(settings)),
    run: async ({ input, caller, deadline, note }) => {
      const asked = { ...input, tenantSpaceId: bodyTenant(caller, input.tenantSpaceId) }
      note({ tenantSpaceId: asked.tenantSpaceId, userId: asked.userId })
      const issued = await issue(asked, caller, deadline)
      note({ jti: issued.jti, kid: issued.kid })
      return {
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

export const handler = await primed(issueAccessToken, {
  ...byBackEnd(ISSUE_ACCESS_TOKEN, {
    body: {
      userId: NOBODY,
      userName: NOBODY,
      tenantSpaceId: NOWHERE,
      scopes: ['chat-token:issue'],
    },
  }),
  scopes: ['chat-token:issue'], // a caller passes on only what it may do itself
})
