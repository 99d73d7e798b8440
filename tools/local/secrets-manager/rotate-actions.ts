/** The actions that begin and switch off rotation. */
import { AwsError, invalidParameter, invalidRequest } from './errors.ts'
import {
  clientRequestToken,
  type Input,
  optionalBoolean,
  optionalInteger,
  optionalString,
  secretId,
  wrongType,
} from './input.ts'
import type { Rotations } from './rotations.ts'
import { addVersion, CURRENT, holderOf, PENDING, type RotationRules, type Secret } from './secret.ts'
import type { SecretStore } from './store.ts'

export function rotateSecret(input: Input, store: SecretStore, rotations: Rotations): object {
  const id = secretId(input)
  const versionId = clientRequestToken(input)
  const newArn = optionalString(input, 'RotationLambdaARN', 2048)
  const newRules = readRules(input)
  const isImmediate = input['RotateImmediately'] === undefined || optionalBoolean(input, 'RotateImmediately')
  const secret = store.getUsable(id)
  const lambdaArn = newArn ?? secret.rotation?.lambdaArn
  if (lambdaArn === undefined) {
    throw invalidRequest('No Lambda rotation function ARN is associated with this secret.')
  }
  if (rotations.invoke === undefined) {
    throw new AwsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    )
  }
  const pending = holderOf(secret, PENDING)
  if (pending !== undefined && pending !== holderOf(secret, CURRENT)) {
    throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.")
  }
  addVersion(secret, { id: versionId, value: undefined, stages: [PENDING], now: store.now() })
  enableRotation(secret, lambdaArn, newRules)
  rotations[isImmediate ? 'begin' : 'test'](secret, versionId, lambdaArn)
  return { ARN: secret.arn, Name: secret.name, VersionId: versionId }
}

/** A rotation that is under way stops before its next step and leaves its labels, as AWS warns. */
export function cancelRotateSecret(input: Input, store: SecretStore): object {
  const secret = store.getUsable(secretId(input))
  if (secret.rotation === undefined) {
    throw invalidRequest(
      "You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured and you didn't include such an ARN as a parameter in this call.",
    )
  }
  secret.rotation.isEnabled = false
  const versionId = (holderOf(secret, PENDING) ?? holderOf(secret, CURRENT))?.id
  return { ARN: secret.arn, Name: secret.name, ...(versionId && { VersionId: versionId }) }
}

/** What is not given stays as it is. */
export function enableRotation(secret: Secret, lambdaArn: string, rules: RotationRules | undefined): void {
  secret.rotation = {
    ...secret.rotation,
    isEnabled: true,
    lambdaArn,
    rules: rules ?? secret.rotation?.rules,
  }
}

function readRules(input: Input): RotationRules | undefined {
  const rules = input['RotationRules'] ?? undefined
  if (rules === undefined) return undefined
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) throw wrongType('RotationRules')
  const members = rules as Input
  const days = optionalInteger(members, 'AutomaticallyAfterDays', { min: 1, max: 1000 })
  const expression = optionalString(members, 'ScheduleExpression', 256)
  const duration = optionalString(members, 'Duration', { min: 2, max: 3 })
  if (days !== undefined && expression !== undefined) {
    throw invalidParameter("You can't specify both AutomaticallyAfterDays and ScheduleExpression.")
  }
  return {
    ...(days !== undefined && { AutomaticallyAfterDays: days }),
    ...(duration !== undefined && { Duration: duration }),
    ...(expression !== undefined && { ScheduleExpression: expression }),
  }
}
