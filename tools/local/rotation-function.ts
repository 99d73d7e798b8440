/** Secrets Manager's call of the rotation function, made in this process: the real one, with the settings of stage `local`. */

import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import type { TaskHandler } from '../../lib/start/task.ts'
import { LOCAL_DIRECTORY_TABLE, LOCAL_SECRETS_PREFIX } from './constants.ts'
import type { Invoke } from './secrets-manager/server.ts'

/** The function's time-out in serverless.yml. */
const TIMEOUT_MS = 30_000

/** `endpoints` is asked at the first call: where the AWS SDK finds the emulators. Other functions cannot be called. */
export const rotationFunction = (endpoints: () => Readonly<Record<string, string>>): Invoke => {
  let handler: TaskHandler | undefined
  return async (_lambdaArn, call) => {
    handler ??= await load(endpoints())
    const endsAt = performance.now() + TIMEOUT_MS
    await handler(call, {
      awsRequestId: randomUUID(),
      getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    } as Context)
  }
}

const load = async (endpoints: Readonly<Record<string, string>>): Promise<TaskHandler> => {
  // The module reads its settings from the environment while it is loaded, and the SDK its endpoints at the first call.
  Object.assign(process.env, endpoints, {
    SECRETS_PREFIX: LOCAL_SECRETS_PREFIX,
    DIRECTORY_TABLE: LOCAL_DIRECTORY_TABLE,
  })
  const { rotateSigningKey } = await import('../../functions/rotate-signing-key.ts')
  const { processRuntime } = await import('../../lib/start/runtime.ts')
  return rotateSigningKey(processRuntime())
}
