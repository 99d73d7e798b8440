/** What a secret is, and the rules by which its versions get and lose staging labels. No clock, no I/O. */
import { AwsError, invalidParameter, notFound, versionExists } from './errors.ts'

export const CURRENT = 'AWSCURRENT'
export const PENDING = 'AWSPENDING'
export const PREVIOUS = 'AWSPREVIOUS'

const MAX_VERSIONS = 100
const MAX_STAGES = 20

/** Exactly one of the two; SecretBinary is base64. */
export type SecretValue = { SecretString: string } | { SecretBinary: string }

export type Version = {
  id: string
  sequence: number
  /** Undefined only for the AWSPENDING version that a rotation starts with. */
  value: SecretValue | undefined
  stages: Set<string>
  createdAt: number
  accessedAt?: number
}

/** Times are milliseconds since the epoch. */
export type Secret = {
  arn: string
  name: string
  sequence: number
  description: string | undefined
  kmsKeyId: string | undefined
  tags: { Key: string; Value: string }[]
  createdAt: number
  changedAt: number
  accessedAt?: number | undefined
  /** When deletion was asked for, and when the recovery window ends. Undefined: not marked for deletion. */
  deletion?: { markedAt: number; endsAt: number } | undefined
  versions: Map<string, Version>
  /** Undefined: rotation was never configured. */
  rotation?: Rotation | undefined
}

export type RotationRules = {
  AutomaticallyAfterDays?: number
  Duration?: string
  ScheduleExpression?: string
}

export type Rotation = {
  isEnabled: boolean
  lambdaArn: string
  rules: RotationRules | undefined
  /** The end of the last rotation that came to its end. */
  rotatedAt?: number
}

export type NewVersion = {
  id: string
  value: SecretValue | undefined
  stages: readonly string[]
  now: number
}

/**
 * Adds a version, or returns the one that has this id and value already. The first version of a secret
 * always gets AWSCURRENT. Throws ResourceExistsException when the id stands for another value.
 */
export function addVersion(secret: Secret, { id, value, stages, now }: NewVersion): Version {
  const existing = secret.versions.get(id)
  if (existing?.value !== undefined) {
    if (!sameValue(existing.value, value)) throw versionExists(id, secret.arn)
    return existing
  }
  const isFirst = secret.versions.size === 0
  const added = isFirst && value ? [...stages, CURRENT] : stages
  checkStages(new Set([...(existing?.stages ?? []), ...added]))
  const sequence = existing?.sequence ?? nextSequence(secret)
  const version: Version = existing ?? { id, sequence, value, stages: new Set(), createdAt: now }
  version.value = value
  secret.versions.set(id, version)
  const previous = holderOf(secret, CURRENT)
  for (const stage of added) attach(secret, version, stage)
  // Recorded from AWS: the version that a new value displaces keeps its own labels but not AWSPENDING.
  if (previous !== version && version.stages.has(CURRENT)) previous?.stages.delete(PENDING)
  secret.changedAt = now
  removeDeprecated(secret)
  return version
}

export type StageMove = { stage: string; from: string | undefined; to: string | undefined; now: number }

/**
 * Moves a staging label to a version, or takes it away when `to` is undefined. `from` must name the version
 * that has the label, unless none has it or it is `to` already. AWSCURRENT can be moved, never removed.
 */
export function moveStage(secret: Secret, { stage, from, to, now }: StageMove): void {
  if (from === undefined && to === undefined) {
    throw invalidParameter('You must specify MoveToVersionId or RemoveFromVersionId.')
  }
  const holder = holderOf(secret, stage)
  const target = to === undefined ? undefined : secret.versions.get(to)
  if (to !== undefined && target === undefined) throw notFound(`value for VersionId: ${to}`)
  if (from !== undefined && from !== holder?.id) {
    throw invalidParameter(`Staging label ${stage} isn't currently attached to version ${from}.`)
  }
  if (target === undefined) {
    if (stage === CURRENT) {
      throw invalidParameter(
        'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
      )
    }
    holder?.stages.delete(stage)
  } else {
    if (holder !== undefined && holder !== target && from === undefined) {
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      )
    }
    checkStages(new Set([...target.stages, stage]))
    attach(secret, target, stage)
  }
  secret.changedAt = now
}

/** Takes AWSPENDING from a version that has it, and the version itself when it never got a value. */
export function withdrawPending(secret: Secret, versionId: string): void {
  const version = secret.versions.get(versionId)
  version?.stages.delete(PENDING)
  if (version !== undefined && version.value === undefined) secret.versions.delete(versionId)
}

/** The version that carries a staging label: at most one. */
export function holderOf(secret: Secret, stage: string): Version | undefined {
  for (const version of secret.versions.values()) {
    if (version.stages.has(stage)) return version
  }
  return undefined
}

/** The labels of a version, sorted, so that answers are the same on every run. */
export function stagesOf(version: Version): string[] {
  return [...version.stages].sort()
}

export function sameValue(a: SecretValue | undefined, b: SecretValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function attach(secret: Secret, version: Version, stage: string): void {
  const former = holderOf(secret, stage)
  if (former === version) return
  former?.stages.delete(stage)
  version.stages.add(stage)
  if (stage !== CURRENT || former === undefined) return
  holderOf(secret, PREVIOUS)?.stages.delete(PREVIOUS)
  former.stages.add(PREVIOUS)
}

function checkStages(stages: ReadonlySet<string>): void {
  if (stages.size <= MAX_STAGES) return
  throw new AwsError(
    'LimitExceededException',
    'The request failed because it would exceed one of the Secrets Manager quotas.',
  )
}

function nextSequence(secret: Secret): number {
  return Math.max(0, ...[...secret.versions.values()].map((version) => version.sequence)) + 1
}

/** Versions without a label go, oldest first, once there are more than 100 versions. */
function removeDeprecated(secret: Secret): void {
  for (const version of secret.versions.values()) {
    if (secret.versions.size <= MAX_VERSIONS) return
    if (version.stages.size === 0) secret.versions.delete(version.id)
  }
}
