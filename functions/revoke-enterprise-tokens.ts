/** POST /enterprise-tokens/revocations: ends one token, all of a user's, or all of a tenant's. Wiring only. */

import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { revocations } from '../lib/enterprise-token/revoke.ts'
import { backEnds, CALLER_SETTINGS } from '../lib/http/caller-sets.ts'
import { ownDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { requireTenant } from '../lib/http/principal.ts'
import { revocationRequest } from '../lib/schemas/enterprise-token.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'

const SETTINGS = [...CALLER_SETTINGS, 'DIRECTORY_TABLE'] as const

export const revokeEnterpriseTokens = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS])
  const revoke = revocations({ directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random }), now })

  return httpHandler({
    name: 'revokeEnterpriseTokens',
    access: 'enterprise-token:revoke',
    callers: backEnds(runtime, secrets, settings),
    input: revocationRequest(settings),
    dialect: ownDialect,
    success: 'TOKENS_REVOKED',
    log,
    run: async ({ input, caller, deadline, note }) => {
      requireTenant(caller, input.tenantSpaceId)
      const { tenantSpaceId, jti, userId } = input
      note({
        tenantSpaceId,
        ...(jti === undefined ? {} : { jti }),
        ...(userId === undefined ? {} : { userId }),
      })
      await revoke(input, deadline)
      return { status: 200, body: { revoked: true, inForceWithinSeconds: 1 } }
    },
  })
}

export const handler = revokeEnterpriseTokens(processRuntime())
