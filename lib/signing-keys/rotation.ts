/**
 * Rotation of the signing key: Secrets Manager's four steps, each of which may be repeated.
 * The new public key is written before the new private one is in force, and an old one retires only after.
 */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { RotationEvent } from '../schemas/rotation.ts'
import { SecretSourceError, type SecretVault } from '../secrets/source.ts'
import { rotationRefused, rotationSecrets } from './rotation-secrets.ts'
import { STEPS, type StepDeps } from './rotation-steps.ts'

export interface RotationDeps extends Omit<StepDeps, 'secrets'> {
  readonly vault: SecretVault
  /** First part of both secrets' names, such as `cec-token-bridge/prod`. */
  readonly prefix: string
}

/**
 * Does one step for the version that the event names. Revoked keys leave both secrets, whatever their age.
 * Throws ROTATION_REFUSED for another secret than this stage's signing key, for a version that is not being rotated,
 * and for a promotion too early; SECRET_MALFORMED for a bad one; SECRET_UNAVAILABLE and SECRET_KMS_REFUSED; what the directory throws.
 */
export const signingKeyRotation = ({ vault, prefix, ...rest }: RotationDeps) => {
  const secrets = rotationSecrets(vault, prefix)
  return async (
    { Step: step, SecretId: secretId, ClientRequestToken: versionId }: RotationEvent,
    deadline: Deadline,
  ): Promise<void> => {
    if (!isSecret(secretId, secrets.signingKeyName))
      throw rotationRefused("expected this stage's signing-key secret")
    try {
      const held = await secrets.stagesOf(versionId)
      const isCurrent = held.includes('AWSCURRENT')
      if (!isCurrent && !held.includes('AWSPENDING'))
        throw rotationRefused('expected a version in stage AWSPENDING')
      if (!isCurrent || step === 'finishSecret') await STEPS[step]({ ...rest, secrets }, versionId, deadline)
    } catch (error) {
      throw error instanceof SecretSourceError ? unavailable(error) : error
    }
  }
}

const unavailable = (error: SecretSourceError): BridgeError =>
  new BridgeError(
    error.failure === 'kms' ? 'SECRET_KMS_REFUSED' : 'SECRET_UNAVAILABLE',
    `a secret cannot be read or written (${error.reason})`,
    {
      detail: { reason: error.reason },
      cause: error,
    },
  )

/** A name, or an ARN of that very name with the six random characters that Secrets Manager adds. */
const isSecret = (secretId: string, name: string): boolean => {
  const arn = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/.exec(secretId)
  return secretId === name || arn?.[1] === name
}
