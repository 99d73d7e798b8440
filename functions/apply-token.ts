/** POST /apiaccess/ccmessaging/applyToken: a CEC chat token for a user. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { requireUser, tenantOf } from '../lib/http/callers.ts'
import { cecDialect } from '../lib/http/dialects.ts'
import { type HttpHandler, httpHandler } from '../lib/http/handler.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/runtime.ts'
import { applyTokenRequest, CHAT_USER_ID_CHARACTERS } from '../lib/schemas/cec.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { CALLERS } from '../lib/secrets/definitions.ts'
import { prefetch, secretReader } from '../lib/secrets/reader.ts'
import { machineTokens } from '../lib/token-store/machine-tokens.ts'
import { accessTokens } from '../lib/upstream/cec/access-token.ts'
import { chatTokenIssuer } from '../lib/upstream/cec/apply-token.ts'
import { bearerCalls } from '../lib/upstream/cec/bearer-call.ts'
import { outbound } from '../lib/upstream/outbound.ts'
import { cecCredentials } from '../lib/upstream/vendors.ts'

const SETTINGS = ['STAGE', 'SECRETS_PREFIX', 'USER_ID_PATTERN', 'ALLOW_LOOPBACK_HTTP', 'LOG_LEVEL'] as const

export const applyToken = (runtime: Runtime): HttpHandler => {
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
  const issue = chatTokenIssuer({
    credentials: cecCredentials({ secrets, now }),
    callWithBearer: bearerCalls({
      accessTokens: accessTokens({ outbound: http, tokens: machineTokens(now) }),
      now,
    }),
    outbound: http,
  })

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
