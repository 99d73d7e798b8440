/** POST /oifde/rest/api/gettoken: the tenant's OIAP token for third parties. Wiring only. */

import { backEnds } from '../lib/http/caller-sets.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { primed } from '../lib/priming/primed.ts'
import { byBackEnd } from '../lib/priming/requests.ts'
import { NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { OIAP_THIRD_PARTY_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { connection } from '../lib/vendors/connection.ts'
import { oiapThirdPartyProfile } from '../lib/vendors/oiap/profile.ts'
import { oiapTokenRoute } from '../lib/vendors/oiap/route.ts'

export const oiapThirdPartyToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, OIAP_THIRD_PARTY_TOKEN)
  return callerHandler(OIAP_THIRD_PARTY_TOKEN, {
    log: start.log,
    callers: backEnds(start),
    ...oiapTokenRoute(connection(start), oiapThirdPartyProfile),
  })
}

export const handler = await primed(
  oiapThirdPartyToken,
  withTokensTable(byBackEnd(OIAP_THIRD_PARTY_TOKEN, { body: { appKey: NOWHERE } })),
)
