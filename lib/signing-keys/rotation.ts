/**
 * Rotation of the signing key: Secrets Manager's four steps, each of which may be repeated.
 * The new public key is written before the new private one is in force, and an old one retires only after.
 */

import { createHash } from 'node:crypto'
import { compactVerify } from 'jose'
import type { Deadline } from '../concurrency/deadline.ts'
import type { KeyRevocations } from '../directory/directory.ts'
import { BridgeError } from '../errors.ts'
import { ALGORITHM, TOKEN_TYPE } from '../jwt/format.ts'
import { signClaims } from '../jwt/sign.ts'
import type { JwksSecret, SigningKeySecret } from '../schemas/key-secrets.ts'
import type { RotationEvent, RotationStep } from '../schemas/rotation.ts'
import { JWKS, SIGNING_KEY } from '../secrets/definitions.ts'
import { parsed } from '../secrets/parsed.ts'
import type { SecretDefinition } from '../secrets/reader.ts'
import { SecretSourceError, type SecretStage, type SecretVault } from '../secrets/source.ts'
import { type KeyRing, withOrphansRetired, withoutRevoked, withPublished, withRetired } from './key-ring.ts'
import { successorOf } from './successor.ts'
import { verificationKeys } from './verification-keys.ts'

export interface RotationDeps {
  readonly vault: SecretVault
  readonly directory: Pick<KeyRevocations, 'revokedKeys'>
  readonly prefix: string
  readonly now: () => Date
  /** How long a key must have been public before it signs, in seconds. Default PUBLICATION_LEAD_SECONDS. */
  readonly publicationLeadSeconds?: number | undefined
}

/**
 * Does one step for the version that the event names. Revoked keys leave both secrets, whatever their age.
 * Throws ROTATION_REFUSED for another secret than this stage's signing key, for a version that is not being rotated,
 * and for a promotion too early; SECRET_MALFORMED for a bad one; what the directory throws.
 */
export const signingKeyRotation = (deps: RotationDeps) => {
  const { vault, directory, prefix, now, publicationLeadSeconds: leadSeconds } = deps
  const nameOf = ({ name }: SecretDefinition<object>) => `${prefix}/${name}`

  const read = async <T extends object>(definition: SecretDefinition<T>, stage: SecretStage) => {
    const name = nameOf(definition)
    const { value, versionId } = await vault.read(name, stage)
    return { value: parsed(name, value, definition.schema), versionId }
  }

  // The same content of the same rotation has the same version id: a repeated write is none, and another one never
  // collides with it. Content alone would not do: putting what an older version held is ignored, and leaves it old.
  const writeJwks = async (jwks: JwksSecret, rotationId: string): Promise<void> => {
    const value = JSON.stringify(jwks)
    const versionId = createHash('sha256').update(`${rotationId} ${value}`).digest('hex')
    parsed(nameOf(JWKS), value, JWKS.schema)
    await vault.put(nameOf(JWKS), versionId, value, 'AWSCURRENT')
  }

  // Before the first keys there is nothing to revoke, and at a first deploy no table either: it is made last.
  const revokedAmong = async ({ signingKey, jwks }: KeyRing, deadline: Deadline) =>
    signingKey.keys.length === 0
      ? new Set<string>()
      : directory.revokedKeys(
          [...signingKey.keys, ...jwks.keys].map(({ kid }) => kid),
          deadline,
        )

  /** The pending version's value, or undefined while it has none: AWSPENDING may stand there empty. */
  const pending = async (versionId: string): Promise<SigningKeySecret | undefined> => {
    try {
      const found = await read(SIGNING_KEY, 'AWSPENDING')
      return found.versionId === versionId ? found.value : undefined
    } catch (error) {
      if (error instanceof SecretSourceError && error.reason === 'ResourceNotFoundException') return undefined
      throw error
    }
  }

  const pendingOrRefuse = async (versionId: string): Promise<SigningKeySecret> => {
    const value = await pending(versionId)
    if (value === undefined) throw refused('expected createSecret to have run for this version')
    return value
  }

  const steps: Record<RotationStep, (versionId: string, deadline: Deadline) => Promise<void>> = {
    createSecret: async (versionId, deadline) => {
      if ((await pending(versionId)) !== undefined) return
      const signingKey = (await read(SIGNING_KEY, 'AWSCURRENT')).value
      const jwks = (await read(JWKS, 'AWSCURRENT')).value
      const revoked = await revokedAmong({ signingKey, jwks }, deadline)
      const successor = await successorOf({ signingKey, jwks }, { now: now(), revoked, leadSeconds })
      await vault.put(nameOf(SIGNING_KEY), versionId, JSON.stringify(successor), 'AWSPENDING')
    },

    setSecret: async (versionId, deadline) => {
      const signingKey = await pendingOrRefuse(versionId)
      const jwks = (await read(JWKS, 'AWSCURRENT')).value
      const current = (await read(SIGNING_KEY, 'AWSCURRENT')).value
      const revoked = await revokedAmong({ signingKey: current, jwks }, deadline)
      const alive = withOrphansRetired(jwks, [current, signingKey], now())
      // A pending key that was revoked meanwhile goes too; testSecret stops the rotation.
      const published = withoutRevoked(withPublished(alive, signingKey, now()), revoked)
      if (JSON.stringify(published) !== JSON.stringify(jwks)) await writeJwks(published, versionId)
    },

    testSecret: async (versionId, deadline) => {
      const signingKey = await pendingOrRefuse(versionId)
      const jwks = (await read(JWKS, 'AWSCURRENT')).value
      const current = (await read(SIGNING_KEY, 'AWSCURRENT')).value
      // A key that is not published is refused below, so that these are all.
      const revoked = await revokedAmong({ signingKey: current, jwks }, deadline)
      const keys = verificationKeys(jwks, TOKEN_TYPE)
      for (const key of signingKey.keys) {
        if (revoked.has(key.kid)) throw refused('expected no pending key to be revoked')
        const probe = await signClaims({}, key, TOKEN_TYPE)
        const published = keys.get(probe.split('.', 1)[0] ?? '')
        if (published === undefined || published.verifyUntil !== undefined) {
          throw refused('expected every pending key to be published, and none retired')
        }
        await compactVerify(probe, await published.publicKey(), { algorithms: [ALGORITHM] }).catch(() => {
          throw refused('expected every pending key to sign what its published half verifies')
        })
      }
    },

    finishSecret: async (versionId) => {
      const stages = await vault.stages(nameOf(SIGNING_KEY))
      const [current] = [...stages].find(([, held]) => held.includes('AWSCURRENT')) ?? []
      if (current !== versionId) {
        await pendingOrRefuse(versionId)
        await vault.makeCurrent(nameOf(SIGNING_KEY), versionId, current)
      }
      const inForce = await read(SIGNING_KEY, 'AWSCURRENT')
      // Nobody promises that a moved stage is seen at once. Retiring by the old ring would retire the new keys.
      if (inForce.versionId !== versionId)
        throw refused('expected the moved AWSCURRENT to be seen, repeat the step')
      const jwks = (await read(JWKS, 'AWSCURRENT')).value
      const retired = withRetired(withPublished(jwks, inForce.value, now()), inForce.value, now())
      if (JSON.stringify(retired) !== JSON.stringify(jwks)) await writeJwks(retired, versionId)
    },
  }

  return async (
    { Step: step, SecretId: secretId, ClientRequestToken: versionId }: RotationEvent,
    deadline: Deadline,
  ): Promise<void> => {
    if (!isSecret(secretId, nameOf(SIGNING_KEY))) throw refused("expected this stage's signing-key secret")
    try {
      const held = (await vault.stages(nameOf(SIGNING_KEY))).get(versionId) ?? []
      const isCurrent = held.includes('AWSCURRENT')
      if (!isCurrent && !held.includes('AWSPENDING')) throw refused('expected a version in stage AWSPENDING')
      if (!isCurrent || step === 'finishSecret') await steps[step](versionId, deadline)
    } catch (error) {
      throw error instanceof SecretSourceError ? unavailable(error) : error
    }
  }
}

const unavailable = (error: SecretSourceError): BridgeError =>
  new BridgeError('SECRET_UNAVAILABLE', `a secret cannot be read or written (${error.reason})`, {
    detail: { reason: error.reason },
    cause: error,
  })

const refused = (expected: string): BridgeError => new BridgeError('ROTATION_REFUSED', expected)

/** A name, or an ARN of that very name with the six random characters that Secrets Manager adds. */
const isSecret = (secretId: string, name: string): boolean => {
  const arn = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/.exec(secretId)
  return secretId === name || arn?.[1] === name
}
