/** What every call to Alibaba of a function shares: credentials, limits and connections. */

import { credentialBlocks } from '../../circuit-breaker/blocks.ts'
import { outbound } from '../../outbound/outbound.ts'
import { tokensTable } from '../../table/tokens-table.ts'
import type { ConnectionDeps } from '../connection.ts'
import { liveCredentials } from '../vendors.ts'
import { liveLimits } from './limits.ts'

export const liveConnection = ({
  runtime: { now, random, newId },
  secrets,
  settings,
  log,
  table = tokensTable(settings.TOKENS_TABLE, now),
}: ConnectionDeps) => {
  // Not keyed: this function may not read the key that opens other systems' tokens. An AccessKey is random, not a
  // password, so a fingerprint of it alone gives no way to find it.
  const blocks = credentialBlocks({ table, keyed: async (fingerprint) => fingerprint, now, random })
  return {
    credentials: liveCredentials({ secrets, blocks }),
    limits: liveLimits({ table, now, log }),
    outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
    now,
    newId,
  }
}
