/** Secrets Manager's four steps. Each may be repeated, and comes to the same end. */

import { compactVerify } from 'jose'
import type { Deadline } from '../concurrency/deadline.ts'
import type { KeyRevocations } from '../directory/directory.ts'
import { ALGORITHM, TOKEN_TYPE } from '../jwt/format.ts'
import { signClaims } from '../jwt/sign.ts'
import type { RotationStep } from '../schemas/rotation.ts'
import { type KeyRing, withOrphansRetired, withoutRevoked, withPublished, withRetired } from './key-ring.ts'
import { pendingOrRefuse, type RotationSecrets, rotationRefused } from './rotation-secrets.ts'
import { successorOf } from './successor.ts'
import { verificationKeys } from './verification-keys.ts'

export interface StepDeps {
  readonly secrets: RotationSecrets
  readonly directory: Pick<KeyRevocations, 'revokedKeys'>
  readonly now: () => Date
  /** How long a key must have been public before it signs, in seconds. Default PUBLICATION_LEAD_SECONDS. */
  readonly publicationLeadSeconds?: number | undefined
}

type Step = (deps: StepDeps, versionId: string, deadline: Deadline) => Promise<void>

/** Makes the private ring that follows, and leaves it pending. */
const createSecret: Step = async (deps, versionId, deadline) => {
  const { secrets, now, publicationLeadSeconds: leadSeconds } = deps
  if ((await secrets.pending(versionId)) !== undefined) return
  const ring = await secrets.current()
  const revoked = await revokedAmong(deps, ring, deadline)
  await secrets.writePending(versionId, await successorOf(ring, { now: now(), revoked, leadSeconds }))
}

/** Publishes the public halves of the pending ring. A pending key that was revoked meanwhile goes too; testSecret stops the rotation. */
const setSecret: Step = async (deps, versionId, deadline) => {
  const { secrets, now } = deps
  const pending = pendingOrRefuse(await secrets.pending(versionId))
  const ring = await secrets.current()
  const revoked = await revokedAmong(deps, ring, deadline)
  const alive = withOrphansRetired(ring.jwks, [ring.signingKey, pending], now())
  const published = withoutRevoked(withPublished(alive, pending, now()), revoked)
  await secrets.publish(published, ring.jwks, versionId)
}

/** Lets nothing into force but keys that sign what their published halves verify. */
const testSecret: Step = async (deps, versionId, deadline) => {
  const pending = pendingOrRefuse(await deps.secrets.pending(versionId))
  const ring = await deps.secrets.current()
  // A key that is not published is refused below, so that these are all.
  const revoked = await revokedAmong(deps, ring, deadline)
  const keys = verificationKeys(ring.jwks, TOKEN_TYPE)
  for (const key of pending.keys) {
    if (revoked.has(key.kid)) throw rotationRefused('expected no pending key to be revoked')
    const probe = await signClaims({}, key, TOKEN_TYPE)
    const published = keys.get(probe.split('.', 1)[0] ?? '')
    if (published === undefined || published.verifyUntil !== undefined) {
      throw rotationRefused('expected every pending key to be published, and none retired')
    }
    await compactVerify(probe, await published.publicKey(), { algorithms: [ALGORITHM] }).catch(() => {
      throw rotationRefused('expected every pending key to sign what its published half verifies')
    })
  }
}

/** Puts the pending ring in force, and only then retires what has left it. */
const finishSecret: Step = async ({ secrets, now }, versionId) => {
  await secrets.promote(versionId)
  const ring = await secrets.current()
  // Nobody promises that a moved stage is seen at once. Retiring by the old ring would retire the new keys.
  if (ring.versionId !== versionId)
    throw rotationRefused('expected the moved AWSCURRENT to be seen, repeat the step')
  const published = withPublished(ring.jwks, ring.signingKey, now())
  await secrets.publish(withRetired(published, ring.signingKey, now()), ring.jwks, versionId)
}

export const STEPS: Readonly<Record<RotationStep, Step>> = {
  createSecret,
  setSecret,
  testSecret,
  finishSecret,
}

/** Before the first keys there is nothing to revoke, and at a first deploy no table either: it is made last. */
const revokedAmong = async (
  { directory }: StepDeps,
  { signingKey, jwks }: KeyRing,
  deadline: Deadline,
): Promise<ReadonlySet<string>> =>
  signingKey.keys.length === 0
    ? new Set()
    : directory.revokedKeys(
        [...signingKey.keys, ...jwks.keys].map(({ kid }) => kid),
        deadline,
      )
