/** The work of functions/app-cube-token.ts in sandboxes that take no leases: what the tests of leases must tell apart. */

import { TOKEN_STORE_KEY } from '../../lib/secrets/definitions.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { startFunction } from '../../lib/start/start-function.ts'
import { tokensTable } from '../../lib/table/tokens-table.ts'
import { connection } from '../../lib/vendors/connection.ts'
import { oiapProfile } from '../../lib/vendors/oiap/profile.ts'
import { oiapTokens } from '../../lib/vendors/oiap/tokens.ts'
import { withoutLeases } from '../../tools/bench/simulate/leaseless-table.ts'

const NEEDS = { settings: ['TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'], secrets: [TOKEN_STORE_KEY] } as const

export const leaselessAppCubeTokens = (runtime: Runtime): ReturnType<typeof oiapTokens> => {
  const { settings, log, secrets } = startFunction(runtime, NEEDS)
  const table = withoutLeases(tokensTable(settings.TOKENS_TABLE, runtime.now))
  return oiapTokens(connection({ runtime, secrets, settings, log, table }), oiapProfile)
}
