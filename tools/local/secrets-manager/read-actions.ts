/** The actions that change nothing: values, descriptions and lists. */
import { invalidRequest, notFound } from './errors.ts'
import { type Input, optionalBoolean, optionalString, secretId } from './input.ts'
import { matchesFilters, readFilters, sortSecrets, takePage } from './list.ts'
import { CURRENT, holderOf, type Secret, stagesOf, type Version } from './secret.ts'
import type { SecretStore } from './store.ts'

const DAY_MS = 86_400_000

interface Wanted {
  readonly versionId: string | undefined
  readonly stage: string | undefined
}

export function getSecretValue(input: Input, store: SecretStore): object {
  const id = secretId(input)
  const versionId = optionalString(input, 'VersionId', { min: 32, max: 64 })
  const stage = optionalString(input, 'VersionStage', 256)
  return readValue(store.getReadable(id), store, { versionId, stage })
}

export function describeSecret(input: Input, store: SecretStore): object {
  const secret = store.get(secretId(input))
  const stages = stagesByVersion(secret)
  return { ...details(secret), ...(stages && { VersionIdsToStages: stages }) }
}

export function listSecrets(input: Input, store: SecretStore): object {
  const includeMarked = optionalBoolean(input, 'IncludePlannedDeletion')
  const filters = readFilters(input) ?? []
  const matching = store
    .all()
    .filter((secret) => (includeMarked || !secret.deletion) && matchesFilters(secret, filters))
  const { page, nextToken } = takePage(sortSecrets(matching, input), input, 100)
  const entries = page.map((secret) => {
    const stages = stagesByVersion(secret)
    return { ...details(secret), ...(stages && { SecretVersionsToStages: stages }) }
  })
  return { SecretList: entries, ...nextToken }
}

function readValue(secret: Secret, store: SecretStore, { versionId, stage }: Wanted): object {
  const version =
    versionId === undefined ? holderOf(secret, stage ?? CURRENT) : secret.versions.get(versionId)
  if (version !== undefined && stage !== undefined && !version.stages.has(stage)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.')
  }
  if (version?.value === undefined) {
    throw notFound(
      versionId === undefined || stage !== undefined
        ? `value for staging label: ${stage ?? CURRENT}`
        : `value for VersionId: ${versionId}`,
    )
  }
  // AWS gives the date of the last access only to the day.
  const today = Math.floor(store.now() / DAY_MS) * DAY_MS
  secret.accessedAt = today
  version.accessedAt = today
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...version.value,
    ...stagesMember(version),
    CreatedDate: seconds(version.createdAt),
  }
}

/** Members without a value are left out, as AWS does. */
function details(secret: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description && { Description: secret.description }),
    ...(secret.kmsKeyId && { KmsKeyId: secret.kmsKeyId }),
    ...(secret.tags.length > 0 && { Tags: secret.tags }),
    ...rotationMembers(secret),
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    ...(secret.accessedAt !== undefined && { LastAccessedDate: seconds(secret.accessedAt) }),
    ...(secret.deletion && { DeletedDate: seconds(secret.deletion.markedAt) }),
  }
}

/** There is no schedule here, so there is no NextRotationDate. */
function rotationMembers({ rotation }: Secret): object {
  if (rotation === undefined) return {}
  return {
    RotationEnabled: rotation.isEnabled,
    RotationLambdaARN: rotation.lambdaArn,
    ...(rotation.rules && { RotationRules: rotation.rules }),
    ...(rotation.rotatedAt !== undefined && { LastRotatedDate: seconds(rotation.rotatedAt) }),
  }
}

function stagesByVersion(secret: Secret): Record<string, string[]> | undefined {
  const labelled = [...secret.versions.values()].filter((version) => version.stages.size > 0)
  if (labelled.length === 0) return undefined
  return Object.fromEntries(labelled.map((version) => [version.id, stagesOf(version)]))
}

function stagesMember(version: Version): object {
  return version.stages.size > 0 ? { VersionStages: stagesOf(version) } : {}
}

function seconds(milliseconds: number): number {
  return milliseconds / 1000
}
