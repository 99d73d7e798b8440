/**
 * What Alibaba's ready clients (AUI Kits) ask of the server that their one setting names. Read out of those clients, not out
 * of a document: members that nothing here needs are passed over.
 */

import * as z from 'zod/mini'
import { RtcChannelId, RtcChannelIdOrNone } from '../../../schemas/rtc-channel.ts'
import { identifier } from '../../../schemas/text.ts'
import type { Role } from '../im/requests.ts'
import { DeviceId, DeviceType } from '../requests.ts'

const device = { device_id: DeviceId, device_type: DeviceType }

/** `POST /api/v1/live/token`: the older messaging. */
export const AuiLiveTokenV1 = z.object({ user_id: identifier(64), ...device })

export type AuiLiveTokenV1 = z.infer<typeof AuiLiveTokenV1>

export const IM_SERVERS = ['aliyun_old', 'aliyun_new'] as const

/** `POST /api/v2/live/token`: either messaging, or both. Their iOS kit for rooms sends the role "user". */
export const AuiLiveTokenV2 = z.object({
  user_id: identifier(64),
  ...device,
  im_server: z
    .array(z.enum(IM_SERVERS, 'expected aliyun_old or aliyun_new'), 'expected a list')
    .check(
      z.minLength(1, 'expected aliyun_old, aliyun_new or both'),
      z.maxLength(IM_SERVERS.length, 'expected at most two'),
    ),
  role: z.pipe(
    z.nullish(z.enum(['admin', 'user', ''], 'expected "admin", "user" or nothing')),
    z.transform((role): Role => (role === 'admin' ? role : '')),
  ),
})

/** `POST /api/v1/live/getRtcAuthToken`: the room is the channel. */
export const AuiRtcTokenV1 = z.object({ room_id: RtcChannelId, user_id: identifier(64) })

/** `POST /api/v2/aiagent/getRtcAuthToken`: a channel that is left out is made. */
export const AuiRtcTokenV2 = z.object({
  user_id: identifier(64),
  channel_id: z.pipe(
    z.nullish(RtcChannelIdOrNone),
    z.transform((id) => id || undefined),
  ),
})
