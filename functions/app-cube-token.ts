/** POST /oifde/rest/appcube/api/getAppCubeToken: the tenant's OIAP AppCube token. Wiring only. */

import { backEnds, CALLER_SETTINGS } from '../lib/http/caller-sets.ts'
import { oiapDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { tenantOf } from '../lib/http/principal.ts'
import { CALLERS, TOKEN_STORE_KEY } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { connection } from '../lib/vendors/connection.ts'
import { appCubeTokens } from '../lib/vendors/oiap/app-cube-token.ts'
import { AppCubeTokenRequest, refusedTokenOf, VENDOR_SECRET_REFUSED } from '../lib/vendors/oiap/requests.ts'

const SETTINGS = [...CALLER_SETTINGS, 'TOKENS_TABLE'] as const

export const appCubeToken = (runtime: Runtime): HttpHandler => {
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, TOKEN_STORE_KEY])
  const issue = appCubeTokens(connection({ runtime, secrets, settings, log }))

  return httpHandler({
    name: 'appCubeToken',
    access: 'app-cube-token:issue',
    callers: backEnds(runtime, secrets, settings),
    keyMember: { name: 'appSecret', otherwise: VENDOR_SECRET_REFUSED },
    input: AppCubeTokenRequest,
    dialect: oiapDialect,
    success: 'APP_CUBE_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, header, deadline, note }) => {
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      const { authToken, expireTime } = await issue(
        tenantSpaceId,
        { appKey: input.appKey, refusedSha256: refusedTokenOf(header('x-refused-token')) },
        deadline,
      )
      return { status: 200, body: { errorCode: 0, errorMsg: '', authToken, expireTime } }
    },
  })
}

export const handler = appCubeToken(processRuntime())
