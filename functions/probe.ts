/** A schedule, where it is switched on: asks the deployed address as CEC and a back end do, and says what is wrong. Wiring only. */

import { pause } from '../lib/concurrency/deadline.ts'
import { readSettings } from '../lib/config.ts'
import { outbound } from '../lib/outbound/outbound.ts'
import { asking } from '../lib/probe/ask.ts'
import { AnyEvent, type ProbeSummary, probe as probing } from '../lib/probe/probe.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { PROBER } from '../lib/secrets/definitions.ts'
import { secretReader } from '../lib/secrets/reader.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/start/runtime.ts'
import { type TaskHandler, taskHandler } from '../lib/start/task.ts'

export const probe = (runtime: Runtime): TaskHandler<ProbeSummary> => {
  const settings = readSettings(runtime.env, ['SECRETS_PREFIX', 'ALLOW_LOOPBACK_HTTP', 'LOG_LEVEL'])
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const { now, random, secretSource: source = awsSecretSource() } = runtime
  const ask = asking(outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }))
  const run = probing({ ask, pause, log })
  return taskHandler({
    name: 'probe',
    input: AnyEvent,
    success: 'PROBE_DONE',
    log,
    describe: () => ({}),
    // A reader for each run: the next one uses a key that has just been changed.
    run: async (_, deadline) => {
      const secrets = secretReader({ source, prefix: settings.SECRETS_PREFIX, now, random, log })
      return run((await secrets.read(PROBER, { deadline })).value, deadline)
    },
    summarise: ({ findings: _, ...counts }) => counts,
  })
}

export const handler = probe(processRuntime())
