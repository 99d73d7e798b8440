/** The local stage's doctor, in this process: the real function, with the settings of stage `local`. */

import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import type { Diagnosis } from '../../lib/doctor/doctor.ts'
import { LOCAL_SECRETS_PREFIX, LOCAL_STAGE } from './constants.ts'

/** The function's time-out in serverless.yml. */
const TIMEOUT_MS = 30_000

/**
 * Call it once this process's environment leads to the local stage. `environment` is that of the stage's functions. Its log is not an
 * operator's to read, and is dropped.
 */
export const localDoctor = async (
  environment: Readonly<Record<string, string>>,
): Promise<(question: object) => Promise<Diagnosis>> => {
  Object.assign(process.env, environment, {
    STAGE: LOCAL_STAGE,
    SECRETS_PREFIX: LOCAL_SECRETS_PREFIX,
    TOKENS_TABLE: `cec-token-bridge-${LOCAL_STAGE}-tokens`,
    CALLERS_TABLE: `cec-token-bridge-${LOCAL_STAGE}-callers`,
    // The vendors' emulators speak plain http on loopback.
    ALLOW_LOOPBACK_HTTP: 'true',
  })
  const { doctor } = await import('../../functions/doctor.ts')
  const { processRuntime } = await import('../../lib/start/runtime.ts')
  const handler = doctor({ ...processRuntime(), writeLine: () => undefined })
  return (question) => {
    const endsAt = performance.now() + TIMEOUT_MS
    return handler(question, {
      awsRequestId: randomUUID(),
      getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    } as Context)
  }
}
