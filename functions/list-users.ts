/** POST /users/list: a back end reads all users of a tenant, page by page. Wiring only. */

import { dynamoUserList } from '../lib/directory/dynamodb.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { LIST_USERS } from '../lib/routes.ts'
import { listRequest } from '../lib/schemas/users.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { nextMark, userIdOfMark } from '../lib/users/next.ts'

export const listUsers = (runtime: Runtime): HttpHandler => {
  const { random } = runtime
  const start = startFunction(runtime, LIST_USERS)
  const { settings, log } = start
  const list = dynamoUserList({ table: settings.DIRECTORY_TABLE, random })

  return callerHandler(LIST_USERS, {
    log,
    callers: backEnds(start),
    input: fromBody(listRequest()),
    run: async ({ input: { limit, next, ...input }, caller, deadline, note }) => {
      const tenantSpaceId = bodyTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId })
      const after = next === undefined ? undefined : userIdOfMark(tenantSpaceId, next)
      const { users, last } = await list({ tenantSpaceId, limit, after }, deadline)
      note({ users: users.length })
      return { body: { users, ...(last === undefined ? {} : { next: nextMark(tenantSpaceId, last) }) } }
    },
  })
}

export const handler = listUsers(processRuntime())
