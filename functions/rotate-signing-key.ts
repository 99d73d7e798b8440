/** Secrets Manager's rotation of the signing key; its first run, at deploy, makes the first keys. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { dynamoDirectory } from '../lib/directory/dynamodb.ts'
import { RotationEvent } from '../lib/schemas/rotation.ts'
import { awsSecretVault } from '../lib/secrets/aws.ts'
import { type RotationDeps, signingKeyRotation } from '../lib/signing-keys/rotation.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/start/runtime.ts'
import { type TaskHandler, taskHandler } from '../lib/start/task.ts'

const SETTINGS = ['SECRETS_PREFIX', 'DIRECTORY_TABLE', 'LOG_LEVEL'] as const

/** `limits` is for tests: no setting of a stage may shorten how long a key is public before it signs. */
export const rotateSigningKey = (
  runtime: Runtime,
  limits: Pick<RotationDeps, 'publicationLeadSeconds'> = {},
): TaskHandler => {
  const settings = readSettings(runtime.env, SETTINGS)
  return taskHandler({
    name: 'rotateSigningKey',
    input: RotationEvent,
    success: 'ROTATION_STEP_DONE',
    log: runtimeLog(runtime, settings.LOG_LEVEL),
    describe: ({ Step }) => ({ step: Step }),
    run: signingKeyRotation({
      vault: awsSecretVault(),
      directory: dynamoDirectory({ table: settings.DIRECTORY_TABLE, random: runtime.random }),
      prefix: settings.SECRETS_PREFIX,
      now: runtime.now,
      ...limits,
    }),
  })
}

export const handler = rotateSigningKey(processRuntime())
