/** The actions that create, change and delete secrets. */
import { invalidParameter, invalidRequest, secretExists, versionExists } from './errors.ts'
import {
  clientRequestToken,
  constraint,
  type Input,
  optionalBoolean,
  optionalInteger,
  optionalString,
  optionalStrings,
  optionalValue,
  requiredString,
  requiredValue,
  secretId,
  secretName,
  wrongType,
} from './input.ts'
import { addVersion, CURRENT, moveStage, type Secret, sameValue, stagesOf } from './secret.ts'
import type { SecretStore } from './store.ts'

const DAY_MS = 86_400_000

export function createSecret(input: Input, store: SecretStore): object {
  const name = secretName(input, 'Name', 512)
  const id = clientRequestToken(input)
  const value = optionalValue(input)
  const details = { ...readDetails(input), tags: readTags(input) }
  const existing = store.find(name)
  if (existing?.deletion) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
  }
  if (existing) {
    const version = existing.versions.get(id)
    if (version === undefined || !sameValue(version.value, value)) throw secretExists(name)
    return { ...identity(existing), VersionId: id }
  }
  const secret = store.create(name, details)
  if (value === undefined) return identity(secret)
  addVersion(secret, { id, value, stages: [CURRENT], now: store.now() })
  return { ...identity(secret), VersionId: id }
}

export function putSecretValue(input: Input, store: SecretStore): object {
  const secretIdentifier = secretId(input)
  const id = clientRequestToken(input)
  const value = requiredValue(input)
  const stages = optionalStrings(input, 'VersionStages', 20) ?? [CURRENT]
  for (const stage of stages) requiredString({ VersionStages: stage }, 'VersionStages', 256)
  const secret = store.getUsable(secretIdentifier)
  const version = addVersion(secret, { id, value, stages, now: store.now() })
  return { ...identity(secret), VersionId: id, VersionStages: stagesOf(version) }
}

export function updateSecret(input: Input, store: SecretStore): object {
  const secretIdentifier = secretId(input)
  const id = clientRequestToken(input)
  const value = optionalValue(input)
  const { description, kmsKeyId } = readDetails(input)
  const secret = store.getUsable(secretIdentifier)
  // Unlike PutSecretValue, this action refuses a token that is in use whatever the value.
  if (value && secret.versions.get(id)?.value) throw versionExists(id, secret.arn)
  secret.description = description ?? secret.description
  secret.kmsKeyId = kmsKeyId ?? secret.kmsKeyId
  secret.changedAt = store.now()
  if (value === undefined) return identity(secret)
  addVersion(secret, { id, value, stages: [CURRENT], now: store.now() })
  return { ...identity(secret), VersionId: id }
}

export function updateSecretVersionStage(input: Input, store: SecretStore): object {
  const secretIdentifier = secretId(input)
  const stage = requiredString(input, 'VersionStage', 256)
  const from = optionalString(input, 'RemoveFromVersionId', { min: 32, max: 64 })
  const to = optionalString(input, 'MoveToVersionId', { min: 32, max: 64 })
  const secret = store.getUsable(secretIdentifier)
  moveStage(secret, { stage, from, to, now: store.now() })
  return identity(secret)
}

export function deleteSecret(input: Input, store: SecretStore): object {
  const id = secretId(input)
  const force = optionalBoolean(input, 'ForceDeleteWithoutRecovery')
  const days = optionalInteger(input, 'RecoveryWindowInDays', {
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
  })
  if (days !== undefined && force) {
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    )
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
  }
  const now = store.now()
  if (force) return forceDelete(id, store, now)
  const secret = store.get(id)
  if (secret.deletion) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    )
  }
  secret.deletion = { markedAt: now, endsAt: now + (days ?? 30) * DAY_MS }
  return { ...identity(secret), DeletionDate: secret.deletion.endsAt / 1000 }
}

export function restoreSecret(input: Input, store: SecretStore): object {
  const secret = store.get(secretId(input))
  secret.deletion = undefined
  return identity(secret)
}

/** Succeeds for a secret that does not exist, as AWS does, so that a clean-up can run twice. */
function forceDelete(id: string, store: SecretStore, now: number): object {
  const secret = store.find(id)
  if (secret) store.remove(secret)
  const deleted = secret ?? { arn: id.startsWith('arn:') ? id : store.newArn(id), name: id }
  return { ARN: deleted.arn, Name: deleted.name, DeletionDate: now / 1000 }
}

function identity(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name }
}

function readDetails(input: Input): Pick<Secret, 'description' | 'kmsKeyId'> {
  return {
    description: optionalString(input, 'Description', { min: 0, max: 2048 }),
    kmsKeyId: optionalString(input, 'KmsKeyId', { min: 0, max: 2048 }),
  }
}

function readTags(input: Input): Secret['tags'] {
  const tags = input['Tags'] ?? []
  if (!Array.isArray(tags)) throw wrongType('Tags')
  if (tags.length > 50) throw constraint('Tags', undefined, 'have length less than or equal to 50')
  return tags.map((tag: unknown) => {
    if (typeof tag !== 'object' || tag === null) throw wrongType('Tags')
    const key = requiredString(tag as Input, 'Key', 128)
    return { Key: key, Value: optionalString(tag as Input, 'Value', { min: 0, max: 256 }) ?? '' }
  })
}
