/** POST /live/GetMessageToken: an Alibaba live-message token for a user's device. Wiring only. */

import { requireUser, tenantOf } from '../lib/http/callers.ts'
import { liveDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { LiveMessageTokenRequest } from '../lib/schemas/live.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'
import { liveConnection } from '../lib/upstream/live/connection.ts'
import { liveMessageTokens } from '../lib/upstream/live/message-token.ts'

const SETTINGS = ['STAGE', 'TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'] as const

export const liveMessageToken = (runtime: Runtime): HttpHandler => {
  const { now } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS])
  const issue = liveMessageTokens(liveConnection({ runtime, secrets, settings, log }))

  return httpHandler({
    name: 'liveMessageToken',
    access: 'live-token:issue',
    callers: { secrets, stage: settings.STAGE, now },
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
