/** POST /oifde/rest/appcube/api/getAppCubeToken: the tenant's OIAP AppCube token. Wiring only. */

import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { tenantOf } from '../lib/http/principal.ts'
import { APP_CUBE_TOKEN } from '../lib/routes.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { connection } from '../lib/vendors/connection.ts'
import { appCubeTokens } from '../lib/vendors/oiap/app-cube-token.ts'
import { AppCubeTokenRequest, refusedTokenOf, VENDOR_SECRET_REFUSED } from '../lib/vendors/oiap/requests.ts'

export const appCubeToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, APP_CUBE_TOKEN)
  const { log } = start
  const issue = appCubeTokens(connection(start))

  return callerHandler(APP_CUBE_TOKEN, {
    log,
    callers: backEnds(start),
    keyMember: { name: 'appSecret', otherwise: VENDOR_SECRET_REFUSED },
    input: fromBody(AppCubeTokenRequest),
    run: async ({ input, caller, header, deadline, note }) => {
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      const { authToken, expireTime } = await issue(
        tenantSpaceId,
        { appKey: input.appKey, refusedSha256: refusedTokenOf(header('x-refused-token')) },
        deadline,
      )
      return { body: { errorCode: 0, errorMsg: '', authToken, expireTime } }
    },
  })
}

export const handler = appCubeToken(processRuntime())
