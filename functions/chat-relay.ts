/** POST …/ccmessaging/send and GET …/ccmessaging/poll: the chat, with the vendor's secrets added on the way. Wiring only. */

import { cecDialect } from '../lib/http/error-formats.ts'
import { type CallerRequest, type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { PAGE_CALLER_SETTINGS, pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { preferredWaitSeconds } from '../lib/http/prefer.ts'
import { requireUser, tenantOf } from '../lib/http/principal.ts'
import { CALLERS, JWKS, TOKEN_STORE_KEY } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { type Chat, chatRelay as relayTo } from '../lib/vendors/cec/chat.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { pollSeconds } from '../lib/vendors/cec/poll-length.ts'
import { ChatMessage, chatTokenOf, PollQuery } from '../lib/vendors/cec/requests.ts'
import { connection } from '../lib/vendors/connection.ts'

const SETTINGS = [...PAGE_CALLER_SETTINGS, 'TOKENS_TABLE', 'POLL_SECONDS', 'LONGEST_POLL_SECONDS'] as const

export const chatRelay = (runtime: Runtime): HttpHandler => {
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [CALLERS, JWKS, TOKEN_STORE_KEY])
  const relay = relayTo(cecContext(connection({ runtime, secrets, settings, log })))
  const lengths = { usualSeconds: settings.POLL_SECONDS, longestSeconds: settings.LONGEST_POLL_SECONDS }

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
    run: async ({ input, bodyText, deadline, ...request }) => {
      const chat = chatOf(request, input.from, 'from')
      return { status: 200, body: await relay.send(chat, bodyText, deadline) }
    },
  })

  const poll = httpHandler({
    ...shared,
    access: 'chat:relay',
    input: PollQuery,
    inputFrom: 'query',
    run: async ({ input, deadline, ...request }) => {
      const chat = chatOf(request, input.receiverId, 'receiverId')
      const seconds = pollSeconds(lengths, preferredWaitSeconds(request.header('prefer')))
      return { status: 200, body: await relay.poll(chat, { ...input, seconds }, deadline) }
    },
  })

  return (event, context) => (event.requestContext?.http?.method === 'GET' ? poll : send)(event, context)
}

/** The chat that a request is about, which must be its caller's own. */
const chatOf = (
  { caller, header, note, answerHeader }: Pick<CallerRequest, 'caller' | 'header' | 'note' | 'answerHeader'>,
  userId: string,
  field: string,
): Chat => {
  requireUser(caller, userId, field)
  const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
  note({ tenantSpaceId, userId })
  return {
    tenantSpaceId,
    chatToken: chatTokenOf(header('ccmessaging-token')),
    onRenewed: (chatToken) => answerHeader('ccmessaging-token', chatToken),
  }
}

export const handler = chatRelay(processRuntime())
