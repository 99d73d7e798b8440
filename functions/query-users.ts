/** POST /users/query: a back end looks up users that it names. Wiring only. */

import { dynamoUserQuery } from '../lib/directory/dynamodb.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { QUERY_USERS } from '../lib/routes.ts'
import { queryRequest } from '../lib/schemas/users.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const queryUsers = (runtime: Runtime): HttpHandler => {
  const { random } = runtime
  const start = startFunction(runtime, QUERY_USERS)
  const { settings, log } = start
  const query = dynamoUserQuery({ table: settings.DIRECTORY_TABLE, random })

  return callerHandler(QUERY_USERS, {
    log,
    callers: backEnds(start),
    input: fromBody(queryRequest(settings)),
    run: async ({ input, caller, deadline, note }) => {
      const tenantSpaceId = bodyTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId, users: input.userIds.length })
      return { body: { users: await query(tenantSpaceId, input.userIds, deadline) } }
    },
  })
}

export const handler = queryUsers(processRuntime())
