/** What every call to Alibaba of a function shares: the tenants' accounts, limits and outbound connections. */

import { circuitBreaker } from '../../circuit-breaker/circuit-breaker.ts'
import { outbound } from '../../outbound/outbound.ts'
import { tokensTable } from '../../table/tokens-table.ts'
import type { ConnectionDeps } from '../connection.ts'
import { vendorContext } from '../vendor-context.ts'
import { liveLimits } from './limits.ts'
import { liveProfile } from './profile.ts'

export const liveContext = ({
  runtime: { now, random, newId },
  secrets,
  settings,
  log,
  table = tokensTable(settings.TOKENS_TABLE, now),
}: ConnectionDeps) => {
  // Not keyed: this function may not read the key that opens other systems' tokens. An AccessKey is random, not a
  // password, so a fingerprint of it alone gives no way to find it.
  const breaker = circuitBreaker({ table, keyed: async (fingerprint) => fingerprint, now, random })
  return {
    credentials: vendorContext({ secrets, breaker }, liveProfile),
    limits: liveLimits({ table, now, log }),
    outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
    now,
    newId,
  }
}
