/** Alibaba's limit of calls per second and account, and ours per user, counted for all sandboxes together. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { type RateLimitDeps, rateLimits } from '../../table/rate-limit.ts'
import type { LiveSettings } from './settings.ts'

/**
 * Counts a call before it is signed: first against `callsPerUserAndMinute` of the user, so that nobody alone uses up
 * what all share, then against `callsPerSecond` of the AccessKeyId. Throws RATE_EXCEEDED. With the table unreadable
 * nothing is refused: Alibaba's own limit still stands.
 */
export type LiveLimits = (
  user: { readonly tenantSpaceId: string; readonly userId: string },
  settings: LiveSettings,
  deadline: Deadline,
) => Promise<void>

export const liveLimits = (deps: RateLimitDeps): LiveLimits => {
  const count = rateLimits(deps)
  return async (
    { tenantSpaceId, userId },
    { accessKeyId, callsPerSecond, callsPerUserAndMinute },
    deadline,
  ) => {
    const noted = { tenantSpaceId }
    const user = { seconds: 60, most: callsPerUserAndMinute, field: 'UserId' }
    await count({ owner: 'live', fields: ['user', tenantSpaceId, userId], noted }, user, deadline)
    const account = { seconds: 1, most: callsPerSecond, field: 'AppId' }
    await count({ owner: 'live', fields: ['account', accessKeyId], noted }, account, deadline)
  }
}
