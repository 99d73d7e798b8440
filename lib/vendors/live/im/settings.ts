/** A tenant's settings for Alibaba's interactive messaging: the secret `<prefix>/tenants/<tenantSpaceId>/live-im`. */

import * as z from 'zod/mini'
import { members } from '../../../schemas/pasted.ts'
import { oneOf, wholeNumber } from '../../../schemas/setting-types.ts'
import { keyOrSecret } from '../../setting-members.ts'

export const LiveImSettings = members({
  appId: keyOrSecret,
  /** Never leaves: whoever has it makes tokens for everybody. */
  appKey: keyOrSecret,
  /** Goes to the client with every token. */
  appSign: keyOrSecret,
  /** Alibaba names no limit; its sample server uses two days. Default an hour for a page, a day for a back end. */
  lifetimeSeconds: z.optional(wholeNumber(60, 172_800)),
  /** How a user's id becomes Alibaba's: as it is, or derived where ids do not fit, or one begins with another. */
  userId: z._default(oneOf(['as-is', 'sha256-32']), 'as-is'),
})

export type LiveImSettings = z.infer<typeof LiveImSettings>
