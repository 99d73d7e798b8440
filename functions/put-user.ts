/** PUT /users: a back end keeps the directory in step. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { PUT_USER } from '../lib/routes.ts'
import { userRequest } from '../lib/schemas/users.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { lastUserToken } from '../lib/users/last-token.ts'
import { userWriter } from '../lib/users/write.ts'

export const putUser = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const start = startFunction(runtime, PUT_USER)
  const { settings, secrets, log } = start
  const write = userWriter({
    directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }),
    lastToken: lastUserToken({ secrets, now }),
  })

  return callerHandler(PUT_USER, {
    log,
    callers: backEnds(start),
    input: fromBody(userRequest(settings)),
    run: async ({ input, caller, deadline, note }) => {
      const user = { ...input, tenantSpaceId: bodyTenant(caller, input.tenantSpaceId) }
      note({ tenantSpaceId: user.tenantSpaceId, userId: user.userId, userStatus: user.status })
      await write(user, deadline)
      return { body: user }
    },
  })
}

export const handler = putUser(processRuntime())
