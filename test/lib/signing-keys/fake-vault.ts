/** Secrets Manager's versions and stages in memory, by the emulator's own rules, as far as rotation needs them. */

import { SecretSourceError, type SecretStage, type SecretVault } from '../../../lib/secrets/source.ts'
import { AwsError } from '../../../tools/local/secrets-manager/errors.ts'
import {
  addVersion,
  CURRENT,
  holderOf,
  moveStage,
  type Secret,
  stagesOf,
} from '../../../tools/local/secrets-manager/secret.ts'

export interface FakeVault extends SecretVault {
  /** What each write was: its secret, version and stage. */
  readonly writes: (readonly [name: string, versionId: string, stage: SecretStage])[]
  readonly valueOf: (name: string, stage: SecretStage) => unknown
  /** A secret's rule-bound state, for what an operator does to it by hand. */
  readonly secret: (name: string) => Secret
  /** The versions that were in force one after another, the present one last. */
  readonly inForce: (name: string) => readonly string[]
  /** Puts a value in force, as `aws secretsmanager put-secret-value` does. */
  readonly putByHand: (name: string, value: object) => void
  /** Puts a version in force again, as `aws secretsmanager update-secret-version-stage` does. */
  readonly restore: (name: string, versionId: string) => void
}

/** A secret of each name with this value in force, under the version id `first`. */
export const fakeVault = (values: Readonly<Record<string, object>>): FakeVault => {
  const secrets = new Map<string, Secret>()
  const history = new Map<string, string[]>()
  const writes: FakeVault['writes'] = []
  let handmade = 0

  const secret = (name: string): Secret => {
    const found = secrets.get(name)
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'no such secret')
    return found
  }
  const changed = <T>(name: string, change: (secret: Secret) => T): T => {
    const result = change(secret(name))
    const current = holderOf(secret(name), CURRENT)?.id
    const before = history.get(name) ?? []
    if (current !== undefined && before.at(-1) !== current) history.set(name, [...before, current])
    return result
  }
  const add = (name: string, id: string, value: string, stage: string) =>
    changed(name, (of) => addVersion(of, { id, value: { SecretString: value }, stages: [stage], now: 0 }))
  const textOf = (name: string, stage: SecretStage): { id: string; text: string } | undefined => {
    const version = holderOf(secret(name), stage)
    return version?.value !== undefined && 'SecretString' in version.value
      ? { id: version.id, text: version.value.SecretString }
      : undefined
  }
  const answered = async <T>(call: () => T): Promise<T> => {
    try {
      return call()
    } catch (error) {
      throw error instanceof AwsError ? new SecretSourceError('final', error.type) : error
    }
  }

  for (const [name, value] of Object.entries(values)) {
    const nothing = { description: undefined, kmsKeyId: undefined, tags: [], versions: new Map() }
    secrets.set(name, { arn: name, name, sequence: 0, createdAt: 0, changedAt: 0, ...nothing })
    add(name, 'first', JSON.stringify(value), CURRENT)
  }

  return {
    writes,
    secret,
    inForce: (name) => history.get(name) ?? [],
    valueOf: (name, stage) => JSON.parse(textOf(name, stage)?.text ?? 'null'),
    putByHand: (name, value) => {
      handmade += 1
      add(name, `by-hand-${handmade}`, JSON.stringify(value), CURRENT)
    },
    restore: (name, to) =>
      changed(name, (of) => moveStage(of, { stage: CURRENT, from: holderOf(of, CURRENT)?.id, to, now: 0 })),
    read: (name, stage) =>
      answered(() => {
        const found = textOf(name, stage)
        if (found === undefined) throw new AwsError('ResourceNotFoundException', 'no such version')
        return { versionId: found.id, value: found.text }
      }),
    stages: (name) =>
      answered(
        () => new Map([...secret(name).versions.values()].map((version) => [version.id, stagesOf(version)])),
      ),
    put: (name, { versionId, value }, stage) =>
      answered(() => {
        writes.push([name, versionId, stage])
        add(name, versionId, value, stage)
      }),
    makeCurrent: (name, to, from) =>
      answered(() => changed(name, (of) => moveStage(of, { stage: CURRENT, from, to, now: 0 }))),
  }
}
