/** POST …/getRtcAuthToken, for rooms and for agents: RTC tokens for Alibaba's ready clients. Wiring only. */

import { byEndpoint } from '../lib/http/by-endpoint.ts'
import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { accessTokensAndBackEnds } from '../lib/http/page-callers.ts'
import { holderOf, requireChannel, requireUser, tenantOf } from '../lib/http/principal.ts'
import type { CallerRequest } from '../lib/http/route.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { AUI_RTC_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { madeChannelId } from '../lib/vendors/live/aui/channel.ts'
import { auiRtcTokenV1, auiRtcTokenV2 } from '../lib/vendors/live/aui/replies.ts'
import { AuiRtcTokenV1, AuiRtcTokenV2 } from '../lib/vendors/live/aui/requests.ts'
import { liveRtcProfile } from '../lib/vendors/live/rtc/profile.ts'
import { liveRtcToken } from '../lib/vendors/live/rtc/token.ts'
import { tenantSettings } from '../lib/vendors/tenant-settings.ts'

/** Their newer kit sends no nonce on to its own `joinChannel`. */
const NO_NONCE = ''

export const auiRtcToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, AUI_RTC_TOKEN)
  const { log, secrets } = start
  const shared = { log, callers: accessTokensAndBackEnds(start) }
  const settingsOf = tenantSettings(secrets, liveRtcProfile)
  const compute = liveRtcToken(runtime)

  const tokenFor = async (
    { caller, header, note, deadline }: Omit<CallerRequest, 'input'>,
    { channelId, userId }: { readonly channelId: string; readonly userId: string },
  ) => {
    requireUser(caller, userId, 'user_id')
    const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
    note({ tenantSpaceId, userId, channelId })
    const settings = await settingsOf(tenantSpaceId, { deadline })
    return {
      settings,
      token: compute({ channelId, userId, holder: holderOf(caller), nonce: NO_NONCE }, settings),
    }
  }

  return byEndpoint(AUI_RTC_TOKEN, {
    'POST /api/v1/live/getRtcAuthToken': callerHandler(AUI_RTC_TOKEN, {
      ...shared,
      input: fromBody(AuiRtcTokenV1),
      run: async ({ input: { room_id: channelId, user_id: userId }, ...request }) => {
        requireChannel(request.caller, channelId, 'room_id')
        const { token, settings } = await tokenFor(request, { channelId, userId })
        return { body: auiRtcTokenV1(token, settings.roomToken) }
      },
    }),
    'POST /api/v2/aiagent/getRtcAuthToken': callerHandler(AUI_RTC_TOKEN, {
      ...shared,
      input: fromBody(AuiRtcTokenV2),
      run: async ({ input: { channel_id: named, user_id: userId }, ...request }) => {
        if (named != null) requireChannel(request.caller, named, 'channel_id')
        const channelId = named ?? madeChannelId(runtime.newId)
        const { token } = await tokenFor(request, { channelId, userId })
        return { body: auiRtcTokenV2(token) }
      },
    }),
  })
}

export const handler = await primed(
  auiRtcToken,
  byPageAndBackEnd(
    AUI_RTC_TOKEN,
    { body: { user_id: NOBODY } },
    { endpoint: 'POST /api/v1/live/getRtcAuthToken', body: { user_id: NOBODY, room_id: NOWHERE } },
  ),
)
