/** POST …/ccmessaging/send and GET …/ccmessaging/poll: the chat, with the vendor's secrets added on the way. Wiring only. */

import { cecDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { PAGE_CALLER_SETTINGS, pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { requireUser, tenantOf } from '../lib/http/principal.ts'
import type { Answer } from '../lib/http/responses.ts'
import { processRuntime, type Runtime } from '../lib/runtime.ts'
import { ChatMessage, chatTokenOf, PollQuery } from '../lib/schemas/cec.ts'
import { CALLERS, JWKS, TOKEN_STORE_KEY } from '../lib/secrets/definitions.ts'
import { startFunction } from '../lib/secrets/start.ts'
import { type Relayed, chatRelay as relayTo } from '../lib/upstream/cec/chat.ts'
import { cecConnection } from '../lib/upstream/cec/connection.ts'
import { connection } from '../lib/upstream/connection.ts'

const SETTINGS = [...PAGE_CALLER_SETTINGS, 'TOKENS_TABLE', 'POLL_SECONDS'] as const

export const chatRelay = (runtime: Runtime): HttpHandler => {
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, JWKS, TOKEN_STORE_KEY])
  const chat = relayTo({
    ...cecConnection(connection({ runtime, secrets, settings, log })),
    pollSeconds: settings.POLL_SECONDS,
  })

  const shared = {
    name: 'chatRelay',
    callers: pagesAndBackEnds(runtime, secrets, settings),
    dialect: cecDialect,
    success: 'CHAT_RELAYED',
    log,
  } as const

  const send = httpHandler({
    ...shared,
    access: 'chat:relay',
    input: ChatMessage,
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.from, 'from')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId: input.from })
      return answerOf(
        await chat.send(
          tenantSpaceId,
          chatTokenOf(header('ccmessaging-token')),
          JSON.stringify(input),
          deadline,
        ),
      )
    },
  })

  const poll = httpHandler({
    ...shared,
    access: 'chat:relay',
    input: PollQuery,
    inputFrom: 'query',
    run: async ({ input, caller, header, deadline, note }) => {
      requireUser(caller, input.receiverId, 'receiverId')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId: input.receiverId })
      return answerOf(
        await chat.poll(tenantSpaceId, chatTokenOf(header('ccmessaging-token')), input, deadline),
      )
    },
  })

  return (event, context) => (event.requestContext?.http?.method === 'GET' ? poll : send)(event, context)
}

const answerOf = ({ text, renewedToken }: Relayed): Answer => ({
  status: 200,
  body: text,
  ...(renewedToken === undefined ? {} : { headers: { 'ccmessaging-token': renewedToken } }),
})

export const handler = chatRelay(processRuntime())
