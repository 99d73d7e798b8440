/** A tenant's settings for Alibaba's RTC: the secret `<prefix>/tenants/<tenantSpaceId>/live-rtc`. */

import type * as z from 'zod'
import { members } from '../../../schemas/pasted.ts'
import { oneOf, wholeNumber } from '../../../schemas/setting-types.ts'
import { keyOrSecret } from '../../setting-members.ts'

export const LiveRtcSettings = members({
  appId: keyOrSecret,
  /** Never leaves: whoever has it enters every call. */
  appKey: keyOrSecret,
  /** "At most 24 hours" (Alibaba Live, token-based authentication). Default an hour for a page, a day for a back end. */
  lifetimeSeconds: wholeNumber(60, 86_400).optional(),
  /**
   * How `POST /api/v1/live/getRtcAuthToken` writes the token for Alibaba's ready clients: no document at hand says it.
   * `hash`: the hash alone, as the member beside it holds the expiry. `base64`: as the newer call writes it.
   */
  roomToken: oneOf(['hash', 'base64']).default('hash'),
})

export type LiveRtcSettings = z.infer<typeof LiveRtcSettings>
