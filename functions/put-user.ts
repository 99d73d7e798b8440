/** PUT /users: a back end keeps the directory in step. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { requireTenant } from '../lib/http/callers.ts'
import { ownDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { userRequest } from '../lib/schemas/enterprise-token.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'

const SETTINGS = ['STAGE', 'DIRECTORY_TABLE', 'USER_ID_PATTERN'] as const

export const putUser = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS])
  const directory = dynamoDirectory({ table: settings.DIRECTORY_TABLE, random })

  return httpHandler({
    name: 'putUser',
    access: 'users:write',
    callers: { secrets, stage: settings.STAGE, now },
    input: userRequest(settings.USER_ID_PATTERN),
    dialect: ownDialect,
    success: 'USER_WRITTEN',
    log,
    run: async ({ input, caller, deadline, note }) => {
      requireTenant(caller, input.tenantSpaceId)
      note({ tenantSpaceId: input.tenantSpaceId })
      await directory.putUser(input, deadline)
      return { status: 200, body: input }
    },
  })
}

export const handler = putUser(processRuntime())
