/** POST /live/MessageToken: a token of Alibaba's interactive messaging for a user. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { holderOf, requireBackEndScope, requireUser, tenantOf } from '../lib/http/principal.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY } from '../lib/priming/throw-away.ts'
import { LIVE_IM_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { liveImProfile } from '../lib/vendors/live/im/profile.ts'
import { LiveImTokenRequest } from '../lib/vendors/live/im/requests.ts'
import { liveImToken as imToken } from '../lib/vendors/live/im/token.ts'
import { tenantSettings } from '../lib/vendors/tenant-settings.ts'

export const liveImToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, LIVE_IM_TOKEN)
  const { log, secrets } = start
  const settingsOf = tenantSettings(secrets, liveImProfile)
  const compute = imToken(runtime)

  return callerHandler(LIVE_IM_TOKEN, {
    log,
    callers: pagesAndBackEnds(start),
    input: fromBody(LiveImTokenRequest),
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.userId, 'userId')
      const { userId, role } = input
      if (role === 'admin') requireBackEndScope(caller, 'live-admin:issue')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId, ...(role === 'admin' ? { role } : {}) })
      const settings = await settingsOf(tenantSpaceId, { deadline })
      return { body: compute({ ...input, holder: holderOf(caller) }, settings) }
    },
  })
}

export const handler = await primed(
  liveImToken,
  byPageAndBackEnd(LIVE_IM_TOKEN, { body: { userId: NOBODY } }),
)
