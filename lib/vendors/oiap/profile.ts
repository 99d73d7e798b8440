/**
 * OIAP's two calls for a token. Each has a password of its own, and OIAP locks an account that is tried again and again with
 * a wrong one.
 */

import type { RefreshedVendor } from '../profile.ts'
import { oiapToken } from './service-token.ts'
import { APP_CUBE, type Interface, type OiapSettings, oiapSettings, THIRD_PARTY } from './settings.ts'

/** Two systems, so that tokens and refusals of the one password are never taken for the other's. */
const profileOf = <const System extends string>(system: System, displayName: string, called: Interface) =>
  ({
    system,
    displayName,
    schema: oiapSettings(called),
    credentials: {
      judged: ({ url, appKey, appSecret }) => [url, appKey, appSecret],
      breaker: {
        refusedMs: Number.POSITIVE_INFINITY,
        // Behind a refusal without a reason there may be a wrong secret: it is seldom tried.
        maxBackOffMs: 15 * 60_000,
        locksAccount: true,
      },
    },
    serviceToken: oiapToken(system),
  }) as const satisfies RefreshedVendor<OiapSettings>

/** getAppCubeToken, with the API password. */
export const oiapProfile = profileOf('oiap', 'OIAP', APP_CUBE)

/** gettoken, for whatever OIAP offers beside AppCube, with the third-party password. */
export const oiapThirdPartyProfile = profileOf('oiap-third-party', 'OIAP (third-party)', THIRD_PARTY)
