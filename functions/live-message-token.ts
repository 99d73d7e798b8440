/** POST /live/GetMessageToken: an Alibaba live-message token for a user's device. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { requireUser, tenantOf } from '../lib/http/principal.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { LIVE_MESSAGE_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { liveContext } from '../lib/vendors/live/context.ts'
import { liveMessageTokens } from '../lib/vendors/live/message-token.ts'
import { LiveMessageTokenRequest } from '../lib/vendors/live/requests.ts'

export const liveMessageToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, LIVE_MESSAGE_TOKEN)
  const { log } = start
  const issue = liveMessageTokens(liveContext(start))

  return callerHandler(LIVE_MESSAGE_TOKEN, {
    log,
    callers: pagesAndBackEnds(start),
    input: fromBody(LiveMessageTokenRequest),
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.UserId, 'UserId')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId: input.UserId })
      const { requestId, result } = await issue(tenantSpaceId, input, deadline)
      return { body: { RequestId: requestId, Result: result } }
    },
  })
}

export const handler = await primed(
  liveMessageToken,
  withTokensTable(
    byPageAndBackEnd(LIVE_MESSAGE_TOKEN, { body: { UserId: NOBODY, DeviceId: NOBODY, DeviceType: 'web' } }),
  ),
)
