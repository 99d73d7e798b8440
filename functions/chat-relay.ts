/** POST …/ccmessaging/send and GET …/ccmessaging/poll: the chat, with the vendor's secrets added on the way. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody, fromQuery } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { preferredWaitSeconds } from '../lib/http/prefer.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { RELAY_CHAT } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { chatRelay as relayTo } from '../lib/vendors/cec/chat.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { policyOf } from '../lib/vendors/cec/poll-length.ts'
import { pollLoads } from '../lib/vendors/cec/poll-load.ts'
import { pollsUnderLoad } from '../lib/vendors/cec/polls.ts'
import { ChatMessage, PollQuery } from '../lib/vendors/cec/requests.ts'
import { chatOf } from '../lib/vendors/cec/route.ts'
import { connection } from '../lib/vendors/connection.ts'

export const chatRelay = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, RELAY_CHAT)
  const { settings, log } = start
  const shared = connection(start)
  const relay = relayTo(cecContext(shared))
  const underLoad = pollsUnderLoad({
    ...runtime,
    policy: policyOf(settings),
    loads: pollLoads({ ...runtime, ...shared }),
  })

  const common = { log, callers: pagesAndBackEnds(start) }

  const send = callerHandler(RELAY_CHAT, {
    ...common,
    input: fromBody(ChatMessage),
    run: async ({ input, bodyText, deadline, ...request }) => {
      const chat = chatOf(request, { userId: input.from, field: 'from' })
      return { body: await relay.send(chat, bodyText, deadline) }
    },
  })

  const poll = callerHandler(RELAY_CHAT, {
    ...common,
    input: fromQuery(PollQuery),
    run: async ({ input, deadline, ...request }) => {
      const chat = chatOf(request, { userId: input.receiverId, field: 'receiverId' })
      const poll = (seconds: number) => relay.poll(chat, { ...input, seconds }, deadline)
      const askedSeconds = preferredWaitSeconds(request.header('prefer'))
      return { body: await underLoad({ askedSeconds, poll }, deadline) }
    },
  })

  return (event, context) => (event.requestContext?.http?.method === 'GET' ? poll : send)(event, context)
}

const OF_NOBODY = { 'ccmessaging-token': NOWHERE }

export const handler = await primed(
  chatRelay,
  withTokensTable(
    byPageAndBackEnd(
      RELAY_CHAT,
      { body: { from: NOBODY, controlType: 'CONNECT' }, headers: OF_NOBODY },
      { endpoint: 'GET /apiaccess/ccmessaging/poll', query: { receiverId: NOBODY }, headers: OF_NOBODY },
    ),
  ),
)
