/** Called by an operator's command: tries a stage, or a tenant's systems, and says what is wrong. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { type Diagnosis, doctor as diagnose, summaryOf } from '../lib/doctor/doctor.ts'
import { Question } from '../lib/doctor/question.ts'
import { awsSecretSource } from '../lib/secrets/aws.ts'
import { secretReader } from '../lib/secrets/reader.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/start/runtime.ts'
import { type TaskHandler, taskHandler } from '../lib/start/task.ts'

const SETTINGS = [
  'SECRETS_PREFIX',
  'TOKENS_TABLE',
  'CALLERS_TABLE',
  'USER_ID_CHARACTERS',
  'USER_ID_MAX_LENGTH',
  'PREWARM_SHARES',
  'ALLOW_LOOPBACK_HTTP',
  'LOG_LEVEL',
] as const

export const doctor = (runtime: Runtime): TaskHandler<Diagnosis> => {
  const settings = readSettings(runtime.env, SETTINGS)
  const log = runtimeLog(runtime, settings.LOG_LEVEL)
  const { now, random, secretSource: source = awsSecretSource() } = runtime
  return taskHandler({
    name: 'doctor',
    input: Question,
    success: 'DOCTOR_DONE',
    log,
    describe: ({ tenantSpaceId }) => (tenantSpaceId === undefined ? {} : { tenantSpaceId }),
    // A reader for each question: whoever has just mended a secret asks about that one.
    run: (question, deadline) => {
      const secrets = secretReader({ source, prefix: settings.SECRETS_PREFIX, now, random, log })
      return diagnose({ runtime, settings, log, secrets })(question, deadline)
    },
    summarise: summaryOf,
  })
}

export const handler = doctor(processRuntime())
