/** POST /apiaccess/ccmessaging/applyToken: a CEC chat token for a user. Wiring only. */

import { cecDialect } from '../lib/http/error-formats.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { PAGE_CALLER_SETTINGS, pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { requireUser, requireUserName, tenantOf } from '../lib/http/principal.ts'
import { lengthInCodePoints } from '../lib/schemas/text.ts'
import { CALLERS, JWKS, TOKEN_STORE_KEY } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { chatTokenIssuer } from '../lib/vendors/cec/apply-token.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { applyTokenRequest, CHAT_USER_ID_CHARACTERS } from '../lib/vendors/cec/requests.ts'
import { connection } from '../lib/vendors/connection.ts'

const SETTINGS = [...PAGE_CALLER_SETTINGS, 'TOKENS_TABLE'] as const

export const applyToken = (runtime: Runtime): HttpHandler => {
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, JWKS, TOKEN_STORE_KEY])
  const issue = chatTokenIssuer(cecContext(connection({ runtime, secrets, settings, log })))

  return httpHandler({
    name: 'applyToken',
    access: 'chat-token:issue',
    callers: pagesAndBackEnds(runtime, secrets, settings),
    input: applyTokenRequest(settings),
    dialect: cecDialect,
    success: 'CHAT_TOKEN_ISSUED',
    log,
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.userId, 'userId')
      requireUserName(caller, input.userName, 'userName')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId: input.userId })
      if (lengthInCodePoints(input.userId) > CHAT_USER_ID_CHARACTERS) note({ isUserIdLongForChat: true })
      const { token, expiresAt } = await issue(tenantSpaceId, input, deadline)
      return {
        status: 200,
        body: { token, resultCode: '0', resultDesc: '', expiresAt: expiresAt.toISOString() },
      }
    },
  })
}

export const handler = applyToken(processRuntime())
