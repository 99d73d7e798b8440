/** Alibaba Live: GetMessageToken. Its tokens belong to users: none is kept, and none refreshed ahead. */

import type { CalledVendor } from '../profile.ts'
import { LiveSettings } from './settings.ts'

export const liveProfile = {
  system: 'live',
  displayName: 'Alibaba Live',
  schema: LiveSettings,
  credentials: {
    judged: ({ endpoint, accessKeyId, accessKeySecret, securityToken }) => [
      endpoint,
      accessKeyId,
      accessKeySecret,
      securityToken,
    ],
    // Every call carries a caller's data, so that a refusal without a reason is no reason for a pause.
    breaker: { refusedMs: 15 * 60_000, locksAccount: false },
  },
} as const satisfies CalledVendor<LiveSettings>
