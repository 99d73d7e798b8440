/** PUT /users: a back end keeps the directory in step. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { backEnds, CALLER_SETTINGS } from '../lib/http/caller-sets.ts'
import { ownDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { requireTenant } from '../lib/http/principal.ts'
import { userRequest } from '../lib/schemas/enterprise-token.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

const SETTINGS = [...CALLER_SETTINGS, 'DIRECTORY_TABLE'] as const

export const putUser = (runtime: Runtime): HttpHandler => {
  const { random } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS])
  const directory = dynamoDirectory({ table: settings.DIRECTORY_TABLE, random })

  return httpHandler({
    name: 'putUser',
    access: 'users:write',
    callers: backEnds(runtime, secrets, settings),
    input: userRequest(settings),
    dialect: ownDialect,
    success: 'USER_WRITTEN',
    log,
    run: async ({ input, caller, deadline, note }) => {
      requireTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId: input.tenantSpaceId, userId: input.userId, userStatus: input.status })
      await directory.putUser(input, deadline)
      return { status: 200, body: input }
    },
  })
}

export const handler = putUser(processRuntime())
