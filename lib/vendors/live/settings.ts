/** A tenant's settings for Alibaba Live: the secret `<prefix>/tenants/<tenantSpaceId>/live`. */

import * as z from 'zod/mini'
import { members } from '../../schemas/pasted.ts'
import { oneOf, printable, wholeNumber } from '../../schemas/setting-types.ts'
import { addressWithoutPath } from '../../schemas/setting-urls.ts'
import { keyOrSecret } from '../setting-members.ts'

export const LiveSettings = members({
  endpoint: addressWithoutPath(500),
  appId: keyOrSecret,
  accessKeyId: keyOrSecret,
  accessKeySecret: keyOrSecret,
  /** Only with temporary credentials (STS). */
  securityToken: z.optional(printable(8192)),
  /** How a user's id becomes Alibaba's UserId: as it is, or derived where ids do not fit their pattern. */
  userId: z._default(oneOf(['as-is', 'sha256-32']), 'as-is'),
  /** Calls per second with this AccessKeyId. Alibaba takes 100 from an account, and other programs may want some. */
  callsPerSecond: z._default(wholeNumber(1, 100), 90),
  /** Calls per minute for one user: so that nobody alone uses up what all share. */
  callsPerUserAndMinute: z._default(wholeNumber(1, 6000), 20),
})

export type LiveSettings = z.infer<typeof LiveSettings>
