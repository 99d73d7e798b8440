/** POST /live/RtcToken: a token with which a user enters one channel of Alibaba's RTC. Wiring only. */

import { callerHandler, type HttpHandler } from '../lib/http/handler.ts'
import { fromBody } from '../lib/http/input.ts'
import { accessTokensAndBackEnds } from '../lib/http/page-callers.ts'
import { holderOf, requireChannel, requireUser, tenantOf } from '../lib/http/principal.ts'
import { primed } from '../lib/priming/primed.ts'
import { byPageAndBackEnd } from '../lib/priming/requests.ts'
import { NOBODY, NOWHERE } from '../lib/priming/throw-away.ts'
import { LIVE_RTC_TOKEN } from '../lib/routes.ts'
import type { Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { liveRtcProfile } from '../lib/vendors/live/rtc/profile.ts'
import { LiveRtcTokenRequest } from '../lib/vendors/live/rtc/requests.ts'
import { liveRtcToken as rtcToken } from '../lib/vendors/live/rtc/token.ts'
import { tenantSettings } from '../lib/vendors/tenant-settings.ts'

export const liveRtcToken = (runtime: Runtime): HttpHandler => {
  const start = startFunction(runtime, LIVE_RTC_TOKEN)
  const { log, secrets } = start
  const settingsOf = tenantSettings(secrets, liveRtcProfile)
  const compute = rtcToken(runtime)

  return callerHandler(LIVE_RTC_TOKEN, {
    log,
    callers: accessTokensAndBackEnds(start),
    input: fromBody(LiveRtcTokenRequest),
    run: async ({ input: { ChannelID: channelId, UserID: userId }, caller, header, deadline, note }) => {
      requireUser(caller, userId, 'UserID')
      requireChannel(caller, channelId, 'ChannelID')
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId, userId, channelId })
      const settings = await settingsOf(tenantSpaceId, { deadline })
      return { body: compute({ channelId, userId, holder: holderOf(caller) }, settings) }
    },
  })
}

export const handler = await primed(
  liveRtcToken,
  byPageAndBackEnd(LIVE_RTC_TOKEN, { body: { ChannelID: NOWHERE, UserID: NOBODY } }),
)
