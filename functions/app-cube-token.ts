/** POST /oifde/rest/appcube/api/getAppCubeToken: the tenant's OIAP AppCube token. Wiring only. */

import { backEnds, CALLER_SETTINGS } from '../lib/http/caller-sets.ts'
import { oiapDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { tenantOf } from '../lib/http/principal.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { AppCubeTokenRequest } from '../lib/schemas/oiap.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'
import { machineTokens } from '../lib/token-store/machine-tokens.ts'
import { appCubeTokens } from '../lib/upstream/oiap.ts'
import { outbound } from '../lib/upstream/outbound.ts'
import { oiapCredentials } from '../lib/upstream/vendors.ts'

export const appCubeToken = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const { settings, log, secrets } = startFunction(runtime, CALLER_SETTINGS, [CALLERS])
  const issue = appCubeTokens({
    credentials: oiapCredentials({ secrets, now }),
    tokens: machineTokens(now),
    outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
    now,
  })

  return httpHandler({
    name: 'appCubeToken',
    access: 'app-cube-token:issue',
    callers: backEnds(runtime, secrets, settings),
    input: AppCubeTokenRequest,
    dialect: oiapDialect,
    success: 'APP_CUBE_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, header, deadline, note }) => {
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      const { authToken, expireTime } = await issue(tenantSpaceId, input.appKey, deadline)
      return { status: 200, body: { errorCode: 0, errorMsg: '', authToken, expireTime } }
    },
  })
}

export const handler = appCubeToken(processRuntime())
