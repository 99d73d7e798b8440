/** OIAP: getAppCubeToken. It locks an account that is tried again and again with a wrong secret. */

import type { RefreshedVendor } from '../profile.ts'
import { oiapToken } from './service-token.ts'
import { OiapSettings } from './settings.ts'

export const oiapProfile = {
  system: 'oiap',
  displayName: 'OIAP',
  schema: OiapSettings,
  credentials: {
    judged: ({ url, appKey, appSecret }) => [url, appKey, appSecret],
    breaker: {
      refusedMs: Number.POSITIVE_INFINITY,
      // Behind a refusal without a reason there may be a wrong secret: it is seldom tried.
      maxBackOffMs: 15 * 60_000,
      locksAccount: true,
    },
  },
  serviceToken: oiapToken('oiap'),
} as const satisfies RefreshedVendor<OiapSettings>
