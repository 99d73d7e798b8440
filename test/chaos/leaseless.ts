/** functions/app-cube-token.ts with sandboxes that take no leases: what the tests of leases must be able to tell apart. */

import type { Deadline } from '../../lib/deadline.ts'
import { pause } from '../../lib/deadline.ts'
import { tenantOf } from '../../lib/http/callers.ts'
import { oiapDialect } from '../../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../../lib/http/handler.ts'
import type { Runtime } from '../../lib/runtime.ts'
import { AppCubeTokenRequest } from '../../lib/schemas/oiap.ts'
import { CALLERS, TOKEN_STORE_KEY } from '../../lib/secrets/definitions.ts'
import { startFunction } from '../../lib/secrets/start.ts'
import { machineTokens } from '../../lib/token-store/machine-tokens.ts'
import { keyring } from '../../lib/token-store/seal.ts'
import { sharedTokens } from '../../lib/token-store/shared-tokens.ts'
import { connection } from '../../lib/upstream/connection.ts'
import { appCubeTokens } from '../../lib/upstream/oiap.ts'

export const leaselessAppCubeToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const { settings, log, secrets } = startFunction(
    runtime,
    ['STAGE', 'TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'],
    [CALLERS, TOKEN_STORE_KEY],
  )
  const parts = connection({ runtime, secrets, settings, log })
  const ring = async (deadline: Deadline) =>
    keyring((await secrets.read(TOKEN_STORE_KEY, { deadline })).value)
  const { table } = parts
  const shared = sharedTokens({ table, keyring: ring, now, random, newId, pause, log, hasLeases: false })
  const issue = appCubeTokens({ ...parts, shared, tokens: machineTokens({ shared, now, random, log }) })
  return httpHandler({
    name: 'appCubeToken',
    access: 'app-cube-token:issue',
    callers: { secrets, stage: settings.STAGE, now },
    input: AppCubeTokenRequest,
    dialect: oiapDialect,
    success: 'APP_CUBE_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, header, deadline }) => {
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      const { authToken } = await issue(
        tenantSpaceId,
        { appKey: input.appKey, refusedSha256: undefined },
        deadline,
      )
      return { status: 200, body: { authToken } }
    },
  })
}
