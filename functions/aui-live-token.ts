/** POST /api/v1/live/token and /api/v2/live/token: messaging tokens for Alibaba's ready clients. Wiring only. */

import { byEndpoint } from '../lib/http/by-endpoint.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { pagesAndBackEnds } from '../lib/http/page-callers.ts'
import { holderOf, requireBackEndScope, requireUser, tenantOf } from '../lib/http/principal.ts'
import type { CallerRequest } from '../lib/http/route.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY } from '../lib/priming/throw-away.ts'
import { withTokensTable } from '../lib/priming/tokens-table.ts'
import { AUI_LIVE_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { inTheirNames } from '../lib/vendors/live/aui/names.ts'
import { auiLiveTokenV1, auiLiveTokenV2 } from '../lib/vendors/live/aui/replies.ts'
import { AuiLiveTokenV1, AuiLiveTokenV2 } from '../lib/vendors/live/aui/requests.ts'
import { liveContext } from '../lib/vendors/live/context.ts'
import { liveImProfile } from '../lib/vendors/live/im/profile.ts'
import { liveImToken } from '../lib/vendors/live/im/token.ts'
import { liveMessageTokens } from '../lib/vendors/live/message-token.ts'
import { tenantSettings } from '../lib/vendors/tenant-settings.ts'

export const auiLiveToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, AUI_LIVE_TOKEN)
  const { log, secrets } = start
  const shared = { log, callers: pagesAndBackEnds(start) }
  const oldToken = liveMessageTokens(liveContext(start))
  const newSettings = tenantSettings(secrets, liveImProfile)
  const newToken = liveImToken(runtime)

  return byEndpoint(AUI_LIVE_TOKEN, {
    'POST /api/v1/live/token': callerHandler(AUI_LIVE_TOKEN, {
      ...shared,
      input: fromBody(AuiLiveTokenV1),
      run: inTheirNames(async ({ input, deadline, ...request }) => {
        const tenantSpaceId = tenantFor(request, input.user_id)
        return { body: auiLiveTokenV1(await oldToken(tenantSpaceId, deviceOf(input), deadline)) }
      }),
    }),
    'POST /api/v2/live/token': callerHandler(AUI_LIVE_TOKEN, {
      ...shared,
      input: fromBody(AuiLiveTokenV2),
      run: inTheirNames(async ({ input, deadline, ...request }) => {
        const { user_id: userId, im_server: servers, role } = input
        const tenantSpaceId = tenantFor(request, userId)
        if (role === 'admin') {
          requireBackEndScope(request.caller, 'live-admin:issue')
          request.note({ role })
        }
        const order = { userId, role, holder: holderOf(request.caller) }
        // The computed one first: where it is refused, Alibaba need not be asked.
        const aliyun_new = servers.includes('aliyun_new')
          ? newToken(order, await newSettings(tenantSpaceId, { deadline }))
          : undefined
        const aliyun_old = servers.includes('aliyun_old')
          ? await oldToken(tenantSpaceId, deviceOf(input), deadline)
          : undefined
        return { body: auiLiveTokenV2({ aliyun_old, aliyun_new }) }
      }),
    }),
  })
}

/** The caller's tenant, for a user who must be its own. */
const tenantFor = (
  { caller, header, note }: Omit<CallerRequest, 'input' | 'deadline'>,
  userId: string,
): string => {
  requireUser(caller, userId, 'user_id')
  const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
  note({ tenantSpaceId, userId })
  return tenantSpaceId
}

const deviceOf = ({ user_id, device_id, device_type }: AuiLiveTokenV1) => ({
  UserId: user_id,
  DeviceId: device_id,
  DeviceType: device_type,
})

export const handler = await primed(
  auiLiveToken,
  withTokensTable(
    byPageAndBackEnd(
      AUI_LIVE_TOKEN,
      {
        body: {
          user_id: NOBODY,
          device_id: NOBODY,
          device_type: 'web',
          im_server: ['aliyun_old', 'aliyun_new'],
        },
      },
      {
        endpoint: 'POST /api/v1/live/token',
        body: { user_id: NOBODY, device_id: NOBODY, device_type: 'web' },
      },
    ),
  ),
)
