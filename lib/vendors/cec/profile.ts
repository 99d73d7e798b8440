/** CEC: tokenByAkSk for the tenant, applyToken and the chat with what it gives. */

import type { RefreshedVendor } from '../profile.ts'
import { accessToken } from './service-token.ts'
import { CecSettings } from './settings.ts'

export const cecProfile = {
  system: 'cec',
  displayName: 'CEC',
  schema: CecSettings,
  credentials: {
    judged: ({ tokenUrl, appKey, appSecret }) => [tokenUrl, appKey, appSecret],
    breaker: { refusedMs: 15 * 60_000, maxBackOffMs: 60_000, locksAccount: false },
  },
  serviceToken: accessToken,
} as const satisfies RefreshedVendor<CecSettings>
