/** POST /enterprise-tokens/revocations: ends one token, all of a user's, or all of a tenant's. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { revocations } from '../lib/enterprise-token/revoke.ts'
import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { bodyTenant } from '../lib/http/principal.ts'
import { REVOKE_ENTERPRISE_TOKENS } from '../lib/routes.ts'
import { revocationRequest } from '../lib/schemas/enterprise-token.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

export const revokeEnterpriseTokens = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const start = startFunction(runtime, REVOKE_ENTERPRISE_TOKENS)
  const { settings, log } = start
  const revoke = revocations({ directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }), now })

  return callerHandler(REVOKE_ENTERPRISE_TOKENS, {
    log,
    callers: backEnds(start),
    input: fromBody(revocationRequest(settings)),
    run: async ({ input, caller, deadline, note }) => {
      const tenantSpaceId = bodyTenant(caller, input.tenantSpaceId)
      const { jti, userId, userAccount } = input
      note({
        tenantSpaceId,
        ...(jti === undefined ? {} : { jti }),
        ...(userId === undefined ? {} : { userId, subjectKind: 'user' }),
        ...(userAccount === undefined ? {} : { userId: userAccount, subjectKind: 'agent' }),
      })
      await revoke({ ...input, tenantSpaceId }, deadline)
      return { body: { revoked: true, inForceWithinSeconds: 1 } }
    },
  })
}

export const handler = revokeEnterpriseTokens(processRuntime())
