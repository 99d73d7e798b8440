/** POST /enterprise-tokens: an enterprise token for a user of the caller's. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { enterpriseTokenIssuer } from '../lib/enterprise-token/issue.ts'
import { backEndsAndUsers } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant, userOf } from '../lib/http/principal.ts'
import { primed } from '../lib/priming/primed.ts'
import { byBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { ISSUE_ENTERPRISE_TOKEN } from '../lib/routes.ts'
import { issueRequest } from '../lib/schemas/enterprise-token.ts'
import { issueLimit } from '../lib/signed-token/issue-limit.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const issueEnterpriseToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const start = startFunction(runtime, ISSUE_ENTERPRISE_TOKEN)
  const { settings, log, secrets } = start
  const directory = dynamoDirectory({ table: settings.DIRECTORY_TABLE, random })
  const issue = enterpriseTokenIssuer({
    secrets,
    directory,
    directoryMode: settings.DIRECTORY,
    justInTimeDays: settings.JUST_IN_TIME_USER_DAYS,
    limit: issueLimit(runtime, settings, log),
    issuer: settings.ISSUER,
    lifetimeSeconds: settings.TOKEN_LIFETIME_SECONDS,
    now,
    newId,
  })

  return callerHandler(ISSUE_ENTERPRISE_TOKEN, {
    log,
    callers: backEndsAndUsers(start, directory),
    input: fromBody(issueRequest(settings)),
    run: async ({ input, caller, deadline, note }) => {
      const tenantSpaceId = bodyTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId })
      const user = { ...userOf(caller, input), tenantSpaceId }
      note({ userId: user.userId })
      const { token, expiresAt, lifetimeSeconds, jti, kid } = await issue(user, caller, deadline)
      note({ jti, kid })
      return {
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

export const handler = await primed(
  issueEnterpriseToken,
  byBackEnd(ISSUE_ENTERPRISE_TOKEN, { body: { userId: NOBODY, userName: NOBODY, tenantSpaceId: NOWHERE } }),
)
