/** The schedule: keeps the tenants' service tokens fresh, so that no request waits for a vendor's login. Wiring only. */

import { isListed } from '../lib/prewarm/listed.ts'
import { type PrewarmSummary, prewarm } from '../lib/prewarm/prewarm.ts'
import { Share } from '../lib/prewarm/share.ts'
import { warmerOf } from '../lib/prewarm/warmer.ts'
import { awsSecretList } from '../lib/secrets/aws.ts'
import { TOKEN_STORE_KEY } from '../lib/secrets/definitions.ts'
import { processRuntime, type Runtime } from '../lib/start/runtime.ts'
import { startFunction } from '../lib/start/start-function.ts'
import { type TaskHandler, taskHandler } from '../lib/start/task.ts'
import { connection } from '../lib/vendors/connection.ts'
import { REFRESHED_VENDORS } from '../lib/vendors/registry.ts'
import { serviceTokenSource } from '../lib/vendors/service-token-source.ts'

const NEEDS = {
  settings: ['TOKENS_TABLE', 'ALLOW_LOOPBACK_HTTP'],
  secrets: [TOKEN_STORE_KEY],
  namesNoUser: true,
} as const

export const prewarmTokens = (runtime: Runtime): TaskHandler<PrewarmSummary> => {
  const { settings, log, secrets } = startFunction(runtime, NEEDS)
  const shared = connection({ runtime, secrets, settings, log })
  const secretNames = { list: awsSecretList(), prefix: settings.SECRETS_PREFIX }
  const deps = { ...shared, isListed: isListed(secretNames) }
  const run = prewarm({
    ...secretNames,
    warmers: REFRESHED_VENDORS.map((vendor) => warmerOf(serviceTokenSource(shared, vendor), deps)),
    tokens: shared.tokens,
    table: shared.table,
    now: runtime.now,
    log,
  })
  return taskHandler({
    name: 'prewarmTokens',
    input: Share,
    success: 'PREWARM_DONE',
    log,
    describe: () => ({}),
    run: (share, deadline) => run(deadline, share),
    summarise: (summary) => summary,
  })
}

export const handler = prewarmTokens(processRuntime())
