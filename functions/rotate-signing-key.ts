/** Secrets Manager's rotation of the signing key; its first run, at deploy, makes the first keys. Wiring only. */

import { readSettings } from '../lib/config.ts'
import { signingKeyRotation } from '../lib/enterprise-token/rotation.ts'
import { processRuntime, type Runtime, runtimeLog } from '../lib/runtime.ts'
import { RotationEvent } from '../lib/schemas/rotation.ts'
import { awsSecretVault } from '../lib/secrets/aws.ts'
import { type TaskHandler, taskHandler } from '../lib/task.ts'

const SETTINGS = ['SECRETS_PREFIX', 'LOG_LEVEL'] as const

export const rotateSigningKey = (runtime: Runtime): TaskHandler => {
  const settings = readSettings(runtime.env, SETTINGS)
  return taskHandler({
    name: 'rotateSigningKey',
    input: RotationEvent,
    success: 'ROTATION_STEP_DONE',
    log: runtimeLog(runtime, settings.LOG_LEVEL),
    describe: ({ Step }) => ({ step: Step }),
    run: signingKeyRotation({ vault: awsSecretVault(), prefix: settings.SECRETS_PREFIX, now: runtime.now }),
  })
}

export const handler = rotateSigningKey(processRuntime())
