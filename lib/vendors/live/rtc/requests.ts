/** What callers may ask of Alibaba's RTC: a token with which one user enters one channel. */

import * as z from 'zod/mini'
import { RtcChannelId } from '../../../schemas/rtc-channel.ts'
import { identifier } from '../../../schemas/text.ts'

export const LiveRtcTokenRequest = z.strictObject({
  ChannelID: RtcChannelId,
  UserID: identifier(64),
})

export type LiveRtcTokenRequest = z.infer<typeof LiveRtcTokenRequest>
