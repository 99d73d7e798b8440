/** One stage whose signing key is rotated: the real function, the emulated Secrets Manager, a clock that a test sets. */

import { randomUUID } from 'node:crypto'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Context } from 'aws-lambda'
import type { JwksSecret, SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { ROTATION_STEPS, type RotationStep } from '../../../lib/schemas/rotation.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { readOrInitial } from '../../../lib/secrets/initial.ts'
import { contextWith, type World } from '../../support/world.ts'

/** 300 s of age, 900 s stale, twice 5 s of tolerance, 300 s of the JWKS answer: literal, as docs/key-mistakes.md has it. */
export const PUBLICATION_LEAD_SECONDS = 1510
export const BEGIN = 1_800_000_000
export const DAY_SECONDS = 86_400
/** Longer than any retirement lasts. */
export const FAR_SECONDS = 9_000_000

export const kids = (ring: { keys: readonly { kid: string }[] }): string[] => ring.keys.map(({ kid }) => kid)

export interface RotatedStage {
  readonly prefix: string
  /** The clock, in epoch seconds. */
  at: number
  /** The version that is being made. */
  versionId: string
  /** The function, with any event. */
  readonly rotate: (event: unknown) => Promise<void>
  readonly step: (step: RotationStep, changes?: object) => Promise<void>
  readonly steps: (...steps: readonly RotationStep[]) => Promise<void>
  readonly rotateFully: () => Promise<void>
  readonly beginAnother: () => void
  readonly signingKey: () => Promise<SigningKeySecret>
  readonly jwks: () => Promise<JwksSecret>
}

/**
 * A stage without keys, whose first rotation has begun. `env` changes the function's environment. Nothing was ever written into
 * the two secrets, as after a deployment; `emptied` puts empty key sets into them.
 */
export const newRotatedStage = async (
  world: World,
  env: object = {},
  { emptied = false } = {},
): Promise<RotatedStage> => {
  const prefix = `rotation-${randomUUID()}`
  const secretId = `${prefix}/signing-key`
  await createUnset(secretId, `${prefix}/jwks`)
  if (emptied) for (const name of [secretId, `${prefix}/jwks`]) world.secretsManager.put(name, { keys: [] })
  const { rotateSigningKey } = await import('../../../functions/rotate-signing-key.ts')
  const rotate = rotateSigningKey(
    world.runtime({
      env: { ...process.env, SECRETS_PREFIX: prefix, ...env },
      now: () => new Date(stage.at * 1000),
    }),
  )
  const current = async <T>(name: string): Promise<T> =>
    JSON.parse(
      (
        await readOrInitial(awsSecretSource(), `${prefix}/${name}`, {
          stage: 'AWSCURRENT',
          initial: '{"keys":[]}',
        })
      ).value,
    ) as T
  const stage: RotatedStage = {
    prefix,
    at: BEGIN,
    versionId: world.secretsManager.startRotation(secretId),
    rotate: (event) => rotate(event, contextWith() as Context),
    step: (Step, changes = {}) =>
      stage.rotate({ Step, SecretId: secretId, ClientRequestToken: stage.versionId, ...changes }),
    steps: async (...steps) => {
      for (const name of steps) await stage.step(name)
    },
    rotateFully: () => stage.steps(...ROTATION_STEPS),
    beginAnother: () => {
      stage.versionId = world.secretsManager.startRotation(secretId)
    },
    signingKey: () => current('signing-key'),
    jwks: () => current('jwks'),
  }
  return stage
}

/** Secrets without any version, as CloudFormation makes those whose template has no value. */
const createUnset = async (...names: readonly string[]): Promise<void> => {
  const client = new SecretsManagerClient()
  for (const Name of names) await client.send(new CreateSecretCommand({ Name }))
  client.destroy()
}
