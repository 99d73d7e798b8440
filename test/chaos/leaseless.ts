/** The work of functions/app-cube-token.ts in sandboxes that take no leases: what the tests of leases must tell apart. */

import { type Deadline, pause } from '../../lib/deadline.ts'
import type { Runtime } from '../../lib/runtime.ts'
import { TOKEN_STORE_KEY } from '../../lib/secrets/definitions.ts'
import { startFunction } from '../../lib/secrets/start.ts'
import { machineTokens } from '../../lib/token-store/machine-tokens.ts'
import { keyring } from '../../lib/token-store/seal.ts'
import { sharedTokens } from '../../lib/token-store/shared-tokens.ts'
import { connection } from '../../lib/upstream/connection.ts'
import { appCubeTokens } from '../../lib/upstream/oiap.ts'

export const leaselessAppCubeTokens = (runtime: Runtime): ReturnType<typeof appCubeTokens> => {
  const { now, random, newId } = runtime
  const { settings, log, secrets } = startFunction(
    runtime,
    ['TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'],
    [TOKEN_STORE_KEY],
  )
  const parts = connection({ runtime, secrets, settings, log })
  const ring = async (deadline: Deadline) =>
    keyring((await secrets.read(TOKEN_STORE_KEY, { deadline })).value)
  const { table } = parts
  const shared = sharedTokens({ table, keyring: ring, now, random, newId, pause, log, hasLeases: false })
  return appCubeTokens({ ...parts, shared, tokens: machineTokens({ shared, now, random, log }) })
}
