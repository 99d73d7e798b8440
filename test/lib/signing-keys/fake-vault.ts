/** Secrets Manager's versions and stages in memory, as far as rotation needs them. */

import { SecretSourceError, type SecretStage, type SecretVault } from '../../../lib/secrets/source.ts'

export interface FakeVault extends SecretVault {
  /** What each write was: its secret, version and stage. */
  readonly writes: (readonly [name: string, versionId: string, stage: SecretStage])[]
  readonly valueOf: (name: string, stage: SecretStage) => unknown
}

/** A secret of each name with this value in force, under the version id `first`. */
export const fakeVault = (values: Readonly<Record<string, object>>): FakeVault => {
  const versions = new Map<string, string>()
  const stages = new Map<string, Map<SecretStage, string>>()
  const writes: FakeVault['writes'] = []
  const set = (name: string, versionId: string, stage: SecretStage) =>
    stages.set(name, new Map(stages.get(name)).set(stage, versionId))
  for (const [name, value] of Object.entries(values)) {
    versions.set(`${name} first`, JSON.stringify(value))
    set(name, 'first', 'AWSCURRENT')
  }
  const read: SecretVault['read'] = async (name, stage) => {
    const versionId = stages.get(name)?.get(stage) ?? ''
    const value = versions.get(`${name} ${versionId}`)
    if (value === undefined) throw new SecretSourceError('final', 'ResourceNotFoundException')
    return { versionId, value }
  }
  return {
    writes,
    read,
    valueOf: (name, stage) => JSON.parse(versions.get(`${name} ${stages.get(name)?.get(stage)}`) ?? 'null'),
    stages: async (name) => {
      const held = new Map<string, SecretStage[]>()
      for (const [stage, versionId] of stages.get(name) ?? [])
        held.set(versionId, [...(held.get(versionId) ?? []), stage])
      return held
    },
    put: async (name, versionId, value, stage) => {
      writes.push([name, versionId, stage])
      versions.set(`${name} ${versionId}`, value)
      set(name, versionId, stage)
    },
    makeCurrent: async (name, versionId) => {
      set(name, versionId, 'AWSCURRENT')
    },
  }
}
