/** POST /live/GetMessageToken: an Alibaba live-message token for a user's device. Wiring only. */

import { liveDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { PAGE_CALLER_SETTINGS, pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { requireUser, tenantOf } from '../lib/http/principal.ts'
import { CALLERS, JWKS } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { liveContext } from '../lib/vendors/live/context.ts'
import { liveMessageTokens } from '../lib/vendors/live/message-token.ts'
import { LiveMessageTokenRequest } from '../lib/vendors/live/requests.ts'

const SETTINGS = [...PAGE_CALLER_SETTINGS, 'TOKENS_TABLE'] as const

export const liveMessageToken = (runtime: Runtime): HttpHandler => {
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, JWKS])
  const issue = liveMessageTokens(liveContext({ runtime, secrets, settings, log }))

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
      note({ tenantSpaceId, userId: input.UserId })
      const { requestId, result } = await issue(tenantSpaceId, input, deadline)
      return { status: 200, body: { RequestId: requestId, Result: result } }
    },
  })
}

export const handler = liveMessageToken(processRuntime())
