/** POST /users/batch: a back end keeps many users in step. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { BATCH_USERS } from '../lib/routes.ts'
import { batchEntry, batchRequest } from '../lib/schemas/users.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { batchAnswer, userBatch } from '../lib/users/batch.ts'
import { lastUserToken } from '../lib/users/last-token.ts'
import { userWriter } from '../lib/users/write.ts'

export const batchUsers = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const start = startFunction(runtime, BATCH_USERS)
  const { settings, secrets, log } = start
  const write = userWriter({
    directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }),
    lastToken: lastUserToken({ secrets, now }),
  })
  const entry = batchEntry(settings)

  return callerHandler(BATCH_USERS, {
    log,
    callers: backEnds(start),
    input: fromBody(batchRequest()),
    run: async ({ input, caller, deadline, note, partEnded, answerHeader }) => {
      const tenantSpaceId = bodyTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId })
      const written = userBatch(entry, (user) => write({ ...user, tenantSpaceId }, deadline), {
        ended: ({ userId, status: userStatus }, failure) =>
          partEnded({ success: 'USER_WRITTEN', fields: { userId, userStatus }, failure }),
      })
      const { users, failed, reason, retryAfterSeconds } = batchAnswer(
        await written(input.users, deadline),
        BATCH_USERS.errorFormat,
      )
      note({ users: users.length, usersFailed: failed, ...(reason && { reason }) })
      if (retryAfterSeconds !== undefined) answerHeader('retry-after', String(retryAfterSeconds))
      return { body: { users } }
    },
  })
}

export const handler = batchUsers(processRuntime())
