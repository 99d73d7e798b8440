/** POST /live/GetMessageToken: an Alibaba live-message token for a user's device. Wiring only. */

import { liveDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { PAGE_CALLER_SETTINGS, pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { requireUser, tenantOf } from '../lib/http/principal.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { LiveMessageTokenRequest } from '../lib/schemas/live.ts'
import { CALLERS, JWKS } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'
import { liveMessageTokens } from '../lib/upstream/live/message-token.ts'
import { outbound } from '../lib/upstream/outbound.ts'
import { liveCredentials } from '../lib/upstream/vendors.ts'

export const liveMessageToken = (runtime: Runtime): HttpHandler => {
  const { now, random, newId } = runtime
  const { settings, log, secrets } = startFunction(runtime, PAGE_CALLER_SETTINGS, [CALLERS, JWKS])
  const issue = liveMessageTokens({
    credentials: liveCredentials({ secrets, now }),
    outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
    now,
    newId,
  })

  return httpHandler({
    name: 'liveMessageToken',
    access: 'live-token:issue',
    callers: pagesAndBackEnds(runtime, secrets, settings),
    input: LiveMessageTokenRequest,
    dialect: liveDialect,
    success: 'LIVE_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.UserId, 'UserId')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      const { requestId, result } = await issue(tenantSpaceId, input, deadline)
      return { status: 200, body: { RequestId: requestId, Result: result } }
    },
  })
}

export const handler = liveMessageToken(processRuntime())
