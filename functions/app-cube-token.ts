/** POST /oifde/rest/appcube/api/getAppCubeToken: the tenant's OIAP AppCube token. Wiring only. */

import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { primed } from '../lib/priming/primed.ts'
import { byBackEnd } from '../lib/priming/requests.ts'
import { NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { APP_CUBE_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { connection } from '../lib/vendors/connection.ts'
import { oiapProfile } from '../lib/vendors/oiap/profile.ts'
import { oiapTokenRoute } from '../lib/vendors/oiap/route.ts'

export const appCubeToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, APP_CUBE_TOKEN)
  return callerHandler(APP_CUBE_TOKEN, {
    log: start.log,
    callers: backEnds(start),
    ...oiapTokenRoute(connection(start), oiapProfile),
  })
}

export const handler = await primed(
  appCubeToken,
  withTokensTable(byBackEnd(APP_CUBE_TOKEN, { body: { appKey: NOWHERE } })),
)
