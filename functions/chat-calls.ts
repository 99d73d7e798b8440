/** POST …/ccmessaging/sendAsync, queryHistoryChatMessage, doLeaveMessage, getsatisfactionsurveymode and saveSatisfaction. Wiring only. */

import { byEndpoint } from '../lib/http/by-endpoint.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { RELAY_CHAT_CALLS } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { cecContext } from '../lib/vendors/cec/context.ts'
import { furtherCalls } from '../lib/vendors/cec/further-calls.ts'
import { FURTHER_CALLS, type FurtherCall, userOf } from '../lib/vendors/cec/further-requests.ts'
import { chatOf } from '../lib/vendors/cec/route.ts'
import { connection } from '../lib/vendors/connection.ts'

export const chatCalls = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, RELAY_CHAT_CALLS)
  const make = furtherCalls(cecContext(connection(start)))
  const shared = { log: start.log, callers: pagesAndBackEnds(start) }

  const route = (name: FurtherCall): HttpHandler =>
    callerHandler(RELAY_CHAT_CALLS, {
      ...shared,
      input: fromBody<object>(FURTHER_CALLS[name].body),
      run: async ({ input, bodyText, deadline, ...request }) => ({
        body: await make(chatOf(request, userOf(name, input)), { name, body: bodyText }, deadline),
      }),
    })

  return byEndpoint(RELAY_CHAT_CALLS, {
    'POST /apiaccess/ccmessaging/sendAsync': route('sendAsync'),
    'POST /apiaccess/ccmessaging/queryHistoryChatMessage': route('queryHistoryChatMessage'),
    'POST /apiaccess/ccmessaging/doLeaveMessage': route('doLeaveMessage'),
    'POST /apiaccess/ccmessaging/getsatisfactionsurveymode': route('getsatisfactionsurveymode'),
    'POST /apiaccess/ccmessaging/saveSatisfaction': route('saveSatisfaction'),
  })
}

export const handler = await primed(
  chatCalls,
  withTokensTable(
    byPageAndBackEnd(RELAY_CHAT_CALLS, {
      body: { from: NOBODY, controlType: 'CONNECT' },
      headers: { 'ccmessaging-token': NOWHERE },
    }),
  ),
)
