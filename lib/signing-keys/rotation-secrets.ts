/** The two secrets of the key ring while one version after another is made of them. */

import { createHash } from 'node:crypto'
import { BridgeError } from '../errors.ts'
import type { JwksSecret, SigningKeySecret } from '../schemas/key-secrets.ts'
import { JWKS, SIGNING_KEY } from '../secrets/definitions.ts'
import { NO_VERSION, putInPlaceOf, readOrInitial } from '../secrets/initial.ts'
import { parsed } from '../secrets/parsed.ts'
import type { SecretDefinition } from '../secrets/reader.ts'
import { SecretSourceError, type SecretStage, type SecretVault } from '../secrets/source.ts'
import type { RingHistory } from './successor.ts'

/** Both secrets in force, which versions those are, and the ring before. */
export interface CurrentRing extends RingHistory {
  readonly versionId: string
  readonly published: PublishedVersion
}

/** The version of the public secret that is in force, as it stands there. `jwks` of the ring differs where it was emptied. */
interface PublishedVersion {
  readonly versionId: string
  readonly value: JwksSecret
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
  /** Puts the pending version in force, if that is still the one that was read. */
  readonly promote: (versionId: string, read: Pick<CurrentRing, 'versionId'>) => Promise<void>
  /** Writes the public secret in one rotation's name, if it is still the one that was read; nothing where `jwks` is in force. */
  readonly publish: (
    jwks: JwksSecret,
    read: Pick<CurrentRing, 'published'>,
    rotationId: string,
  ) => Promise<void>
}

/**
 * Throws SECRET_MALFORMED for a value of another shape, SecretSourceError, and ROTATION_REFUSED where a secret has changed since it
 * was read.
 */
export const rotationSecrets = (vault: SecretVault, prefix: string): RotationSecrets => {
  const nameOf = ({ name }: SecretDefinition<object>) => `${prefix}/${name}`
  const signingKeyName = nameOf(SIGNING_KEY)

  const read = async <T extends object>(definition: SecretDefinition<T>, stage: SecretStage) => {
    const name = nameOf(definition)
    const initial = stage === 'AWSCURRENT' ? definition.initial : undefined
    const { value, versionId } = await readOrInitial(vault, name, { stage, initial })
    return { value: parsed(name, value, definition.schema), versionId }
  }

  /** Undefined where no version has the stage, or one without a value. */
  const readIfAny = async <T extends object>(definition: SecretDefinition<T>, stage: SecretStage) => {
    try {
      return await read(definition, stage)
    } catch (error) {
      if (error instanceof SecretSourceError && error.reason === 'ResourceNotFoundException') return undefined
      throw error
    }
  }

  /** What was in force before. What could not be used then must not stop what follows. */
  const former = async <T extends object>(definition: SecretDefinition<T>, unusable: T) => {
    try {
      return (await readIfAny(definition, 'AWSPREVIOUS'))?.value
    } catch (error) {
      if (error instanceof BridgeError) return unusable
      throw error
    }
  }

  /** Rotation never publishes nothing: whoever has emptied the set made a mistake, and what was before counts. */
  const publishedKeys = async ({ value }: PublishedVersion): Promise<JwksSecret> =>
    value.keys.length > 0 ? value : ((await former(JWKS, { keys: [] })) ?? value)

  return {
    signingKeyName,

    pending: async (versionId) => {
      const found = await readIfAny(SIGNING_KEY, 'AWSPENDING')
      return found?.versionId === versionId ? found.value : undefined
    },

    current: async () => {
      const { value: signingKey, versionId } = await read(SIGNING_KEY, 'AWSCURRENT')
      const published = await read(JWKS, 'AWSCURRENT')
      const jwks = await publishedKeys(published)
      return {
        ...{ signingKey, versionId, former: await former(SIGNING_KEY, { keys: [] }) },
        ...{ jwks, published, isEmptied: published.value.keys.length < jwks.keys.length },
      }
    },

    stagesOf: async (versionId) => (await vault.stages(signingKeyName)).get(versionId) ?? [],

    writePending: (versionId, value) =>
      vault.put(signingKeyName, { versionId, value: JSON.stringify(value) }, 'AWSPENDING'),

    promote: (versionId, { versionId: from }) =>
      asItWasRead(vault.makeCurrent(signingKeyName, versionId, named(from))),

    // The same content of the same rotation over the same version has the same id: a repeated write is none, and another one
    // never collides with it.
    publish: async (jwks, { published: { value: inForce, versionId: from } }, rotationId) => {
      const value = JSON.stringify(jwks)
      if (value === JSON.stringify(inForce)) return
      const versionId = createHash('sha256').update(`${rotationId} ${from} ${value}`).digest('hex')
      parsed(nameOf(JWKS), value, JWKS.schema)
      await asItWasRead(putInPlaceOf(vault, nameOf(JWKS), { versionId, value, from }))
    },
  }
}

const named = (versionId: string): string | undefined => (versionId === NO_VERSION ? undefined : versionId)

/** What Secrets Manager says when the stage is not where it was. */
const asItWasRead = async (move: Promise<void>): Promise<void> => {
  try {
    await move
  } catch (error) {
    if (error instanceof SecretSourceError && error.reason === 'InvalidParameterException')
      throw rotationRefused('expected the secret to be as it was read: repeat the step')
    throw error
  }
}

export const rotationRefused = (expected: string): BridgeError =>
  new BridgeError('ROTATION_REFUSED', expected)

/** Throws ROTATION_REFUSED where a step needs what createSecret makes, and for a ring in which nothing could ever sign. */
export const pendingOrRefuse = (pending: SigningKeySecret | undefined): SigningKeySecret => {
  if (pending === undefined) throw rotationRefused('expected createSecret to have run for this version')
  if (pending.keys.length === 0)
    throw rotationRefused('expected keys in the pending version: give it up and rotate anew')
  return pending
}
