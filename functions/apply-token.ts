/** POST /apiaccess/ccmessaging/applyToken: a CEC chat token for a user. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { requireUser, requireUserName, tenantOf } from '../lib/http/principal.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { APPLY_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { chatTokenIssuer } from '../lib/vendors/cec/apply-token.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { applyTokenRequest, isLongForChat, requireChatUserId } from '../lib/vendors/cec/requests.ts'
import { connection } from '../lib/vendors/connection.ts'

export const applyToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, APPLY_TOKEN)
  const { settings, log } = start
  const issue = chatTokenIssuer(cecContext(connection(start)))

  return callerHandler(APPLY_TOKEN, {
    log,
    callers: pagesAndBackEnds(start),
    input: fromBody(applyTokenRequest(settings)),
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.userId, 'userId')
      requireUserName(caller, input.userName, 'userName')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId: input.userId })
      if (isLongForChat(input.userId)) note({ isUserIdLongForChat: true })
      requireChatUserId(caller, input.userId)
      const { token, expiresAt } = await issue(tenantSpaceId, input, deadline)
      return {
        body: { token, resultCode: '0', resultDesc: '', expiresAt: expiresAt.toISOString() },
      }
    },
  })
}

export const handler = await primed(
  applyToken,
  withTokensTable(
    byPageAndBackEnd(APPLY_TOKEN, {
      body: { userId: NOBODY, userName: NOBODY, channelId: NOWHERE, locale: 'en' },
    }),
  ),
)
