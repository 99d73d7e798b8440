/** POST /apiaccess/ccmessaging/applyToken: a CEC chat token for a user. Wiring only. */

import { requireUser, tenantOf } from '../lib/http/callers.ts'
import { cecDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { applyTokenRequest, CHAT_USER_ID_CHARACTERS } from '../lib/schemas/cec.ts'
import { CALLERS, TOKEN_STORE_KEY } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'
import { chatTokenIssuer } from '../lib/upstream/cec/apply-token.ts'
import { cecConnection } from '../lib/upstream/cec/connection.ts'
import { connection } from '../lib/upstream/connection.ts'

const SETTINGS = ['STAGE', 'USER_ID_PATTERN', 'TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'] as const

export const applyToken = (runtime: Runtime): HttpHandler => {
  const { now } = runtime
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, TOKEN_STORE_KEY])
  const issue = chatTokenIssuer(cecConnection(connection({ runtime, secrets, settings, log })))

  return httpHandler({
    name: 'applyToken',
    access: 'chat-token:issue',
    callers: { secrets, stage: settings.STAGE, now },
    input: applyTokenRequest(settings.USER_ID_PATTERN),
    dialect: cecDialect,
    success: 'CHAT_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.userId, 'userId')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      if (input.userId.length > CHAT_USER_ID_CHARACTERS) note({ isUserIdLongForChat: true })
      const { token, expiresAt } = await issue(tenantSpaceId, input, deadline)
      return {
        status: 200,
        body: { token, resultCode: '0', resultDesc: '', expiresAt: expiresAt.toISOString() },
      }
    },
  })
}

export const handler = applyToken(processRuntime())
