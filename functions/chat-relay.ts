/** POST …/ccmessaging/send and GET …/ccmessaging/poll: the chat, with the vendor's secrets added on the way. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { requireUser, tenantOf } from '../lib/http/callers.ts'
import { cecDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import type { Answer } from '../lib/http/responses.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/runtime.ts'
import { ChatMessage, chatTokenOf, PollQuery } from '../lib/schemas/cec.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { prefetch, secretReader } from '../lib/secrets/reader.ts'
import { machineTokens } from '../lib/token-store/machine-tokens.ts'
import { accessTokens } from '../lib/upstream/cec/access-token.ts'
import { bearerCalls } from '../lib/upstream/cec/bearer-call.ts'
import { type Relayed, chatRelay as relayTo } from '../lib/upstream/cec/chat.ts'
import { outbound } from '../lib/upstream/outbound.ts'
import { cecCredentials } from '../lib/upstream/vendors.ts'

const SETTINGS = ['STAGE', 'SECRETS_PREFIX', 'POLL_SECONDS', 'ALLOW_LOOPBACK_HTTP', 'LOG_LEVEL'] as const

export const chatRelay = (runtime: Runtime): HttpHandler => {
  const { now, random } = runtime
  const settings = readSettings(runtime.env, SETTINGS)
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const secrets = secretReader({
    source: awsSecretSource(),
    prefix: settings.SECRETS_PREFIX,
    now,
    random,
    log,
  })
  prefetch(secrets, [CALLERS])
  const http = outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP })
  const chat = relayTo({
    credentials: cecCredentials({ secrets, now }),
    callWithBearer: bearerCalls({
      accessTokens: accessTokens({ outbound: http, tokens: machineTokens(now) }),
      now,
    }),
    outbound: http,
    pollSeconds: settings.POLL_SECONDS,
  })

  const shared = {
    name: 'chatRelay',
    callers: { secrets, stage: settings.STAGE, now },
    dialect: cecDialect,
    success: 'CHAT_RELAYED',
    log,
  } as const

  const send = httpHandler({
    ...shared,
    access: 'chat:relay',
    input: ChatMessage,
    run: async ({ input, text, caller, header, deadline, note }) => {
      requireUser(caller, input.from, 'from')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      return answerOf(
        await chat.send(tenantSpaceId, chatTokenOf(header('ccmessaging-token')), text(), deadline),
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
      note({ tenantSpaceId })
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
