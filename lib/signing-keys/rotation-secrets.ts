/** The two secrets of the key ring while one version after another is made of them. */

import { createHash } from 'node:crypto'
import { BridgeError } from '../errors.ts'
import type { JwksSecret, SigningKeySecret } from '../schemas/key-secrets.ts'
import { JWKS, SIGNING_KEY } from '../secrets/definitions.ts'
import { readOrInitial } from '../secrets/initial.ts'
import { parsed } from '../secrets/parsed.ts'
import type { SecretDefinition } from '../secrets/reader.ts'
import { SecretSourceError, type SecretStage, type SecretVault } from '../secrets/source.ts'
import type { KeyRing } from './key-ring.ts'

/** Both secrets in force, and which version of the private one that is. */
export interface CurrentRing extends KeyRing {
  readonly versionId: string
}

export interface RotationSecrets {
  /** The full name of the secret that is rotated. */
  readonly signingKeyName: string
  readonly current: () => Promise<CurrentRing>
  /** The stages of one version of the private secret. */
  readonly stagesOf: (versionId: string) => Promise<readonly string[]>
  /** The pending version's value, or undefined while it has none. */
  readonly pending: (versionId: string) => Promise<SigningKeySecret | undefined>
  readonly writePending: (versionId: string, value: SigningKeySecret) => Promise<void>
  /** Puts the pending version in force. Does nothing where it is already. */
  readonly promote: (versionId: string) => Promise<void>
  /** Writes the public secret in one rotation's name; nothing where `jwks` is what is in force. */
  readonly publish: (jwks: JwksSecret, inForce: JwksSecret, rotationId: string) => Promise<void>
}

/** Throws SECRET_MALFORMED for a value of another shape, SecretSourceError, and ROTATION_REFUSED where nothing is pending. */
export const rotationSecrets = (vault: SecretVault, prefix: string): RotationSecrets => {
  const nameOf = ({ name }: SecretDefinition<object>) => `${prefix}/${name}`
  const signingKeyName = nameOf(SIGNING_KEY)

  const read = async <T extends object>(definition: SecretDefinition<T>, stage: SecretStage) => {
    const name = nameOf(definition)
    const { value, versionId } = await readOrInitial(vault, name, { stage, initial: definition.initial })
    return { value: parsed(name, value, definition.schema), versionId }
  }

  const pending = async (versionId: string): Promise<SigningKeySecret | undefined> => {
    try {
      const found = await read(SIGNING_KEY, 'AWSPENDING')
      return found.versionId === versionId ? found.value : undefined
    } catch (error) {
      // AWSPENDING may stand there empty.
      if (error instanceof SecretSourceError && error.reason === 'ResourceNotFoundException') return undefined
      throw error
    }
  }

  return {
    signingKeyName,
    pending,

    current: async () => {
      const { value: signingKey, versionId } = await read(SIGNING_KEY, 'AWSCURRENT')
      return { signingKey, versionId, jwks: (await read(JWKS, 'AWSCURRENT')).value }
    },

    stagesOf: async (versionId) => (await vault.stages(signingKeyName)).get(versionId) ?? [],

    writePending: (versionId, value) =>
      vault.put(signingKeyName, versionId, JSON.stringify(value), 'AWSPENDING'),

    promote: async (versionId) => {
      const stages = await vault.stages(signingKeyName)
      const [current] = [...stages].find(([, held]) => held.includes('AWSCURRENT')) ?? []
      if (current === versionId) return
      pendingOrRefuse(await pending(versionId))
      await vault.makeCurrent(signingKeyName, versionId, current)
    },

    // The same content of the same rotation has the same version id: a repeated write is none, and another one never
    // collides with it. Content alone would not do: putting what an older version held is ignored, and leaves it old.
    publish: async (jwks, inForce, rotationId) => {
      const value = JSON.stringify(jwks)
      if (value === JSON.stringify(inForce)) return
      const versionId = createHash('sha256').update(`${rotationId} ${value}`).digest('hex')
      parsed(nameOf(JWKS), value, JWKS.schema)
      await vault.put(nameOf(JWKS), versionId, value, 'AWSCURRENT')
    },
  }
}

export const rotationRefused = (expected: string): BridgeError =>
  new BridgeError('ROTATION_REFUSED', expected)

/** Throws ROTATION_REFUSED where a step needs what createSecret makes. */
export const pendingOrRefuse = (pending: SigningKeySecret | undefined): SigningKeySecret => {
  if (pending === undefined) throw rotationRefused('expected createSecret to have run for this version')
  return pending
}
