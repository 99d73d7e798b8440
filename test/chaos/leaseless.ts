/** The work of functions/app-cube-token.ts in sandboxes that take no leases: what the tests of leases must tell apart. */

import type { Runtime } from '../../lib/runtime.ts'
import { TOKEN_STORE_KEY } from '../../lib/secrets/definitions.ts'
import { startFunction } from '../../lib/secrets/start.ts'
import { tokensTable } from '../../lib/token-store/tokens-table.ts'
import { connection } from '../../lib/upstream/connection.ts'
import { appCubeTokens } from '../../lib/upstream/oiap.ts'
import { withoutLeases } from '../../local/leaseless-table.ts'

const SETTINGS = ['TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'] as const

export const leaselessAppCubeTokens = (runtime: Runtime): ReturnType<typeof appCubeTokens> => {
  const { settings, log, secrets } = startFunction(runtime, SETTINGS, [TOKEN_STORE_KEY])
  const table = withoutLeases(tokensTable(settings.TOKENS_TABLE, runtime.now))
  return appCubeTokens(connection({ runtime, secrets, settings, log, table }))
}
