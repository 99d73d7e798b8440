/** A tenant's settings for Alibaba's RTC: the secret `<prefix>/tenants/<tenantSpaceId>/live-rtc`. */

import * as z from 'zod/mini'
import { members } from '../../../schemas/pasted.ts'
import { oneOf, wholeNumber } from '../../../schemas/setting-types.ts'
import { keyOrSecret } from '../../setting-members.ts'

/**
 * Alibaba takes tokens for at most 24 hours, by its own clock (Alibaba Live, token-based authentication). Five minutes less, so
 * that it also takes one of a sandbox whose clock is ahead.
 */
export const LONGEST_LIFETIME_SECONDS = 86_400 - 300

export const LiveRtcSettings = members({
  appId: keyOrSecret,
  /** Never leaves: whoever has it enters every call. */
  appKey: keyOrSecret,
  /** Default an hour for a page, the longest for a back end. */
  lifetimeSeconds: z.optional(wholeNumber(60, LONGEST_LIFETIME_SECONDS)),
  /**
   * How `POST /api/v1/live/getRtcAuthToken` writes the token for Alibaba's ready clients: no document at hand says it.
   * `hash`: the hash alone, as the member beside it holds the expiry. `base64`: as the newer call writes it.
   */
  roomToken: z._default(oneOf(['hash', 'base64']), 'hash'),
})

export type LiveRtcSettings = z.infer<typeof LiveRtcSettings>
