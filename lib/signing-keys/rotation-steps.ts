/** Secrets Manager's four steps. Each may be repeated, and comes to the same end. */

import { compactVerify } from 'jose'
import type { Deadline } from '../concurrency/deadline.ts'
import type { KeyRevocations } from '../directory/directory.ts'
import { ALGORITHM, TOKEN_TYPE } from '../jwt/format.ts'
import { signClaims } from '../jwt/sign.ts'
import type { SigningKeySecret } from '../schemas/key-secrets.ts'
import type { RotationStep } from '../schemas/rotation.ts'
import { type KeyEnds, publication, REVOKED } from './key-ring.ts'
import {
  type CurrentRing,
  pendingOrRefuse,
  type RotationSecrets,
  rotationRefused,
} from './rotation-secrets.ts'
import { successorOf } from './successor.ts'
import { verificationKeys } from './verification-keys.ts'

export interface StepDeps {
  readonly secrets: RotationSecrets
  readonly directory: Pick<KeyRevocations, 'keyEnds' | 'retireKey'>
  readonly now: () => Date
  /** How long a key must have been public before it signs, in seconds. Default PUBLICATION_LEAD_SECONDS. */
  readonly publicationLeadSeconds?: number | undefined
}

type Step = (deps: StepDeps, versionId: string, deadline: Deadline) => Promise<void>

/** Makes the private ring that follows, and leaves it pending. */
const createSecret: Step = async (deps, versionId, deadline) => {
  const { secrets, now, publicationLeadSeconds: leadSeconds } = deps
  const pending = await secrets.pending(versionId)
  if (pending !== undefined) {
    pendingOrRefuse(pending)
    return
  }
  const ring = await secrets.current()
  const ends = await endsAmong(deps, { ring, pending: { keys: [] } }, deadline)
  await secrets.writePending(versionId, await successorOf(ring, { now: now(), ends, leadSeconds }))
}

/** Publishes the public halves of the pending ring. A pending key that was revoked meanwhile goes too; testSecret stops the rotation. */
const setSecret: Step = async (deps, versionId, deadline) => {
  const pending = pendingOrRefuse(await deps.secrets.pending(versionId))
  await publish(deps, await deps.secrets.current(), { ring: pending, versionId, deadline })
}

/** Lets nothing into force but keys that sign what their published halves verify. */
const testSecret: Step = async (deps, versionId, deadline) => {
  await testedRing(deps, versionId, deadline)
}

/** Puts the pending ring in force, and only then retires what has left it. */
const finishSecret: Step = async (deps, versionId, deadline) => {
  const { secrets } = deps
  // What is published may have changed since testSecret.
  if (!(await secrets.stagesOf(versionId)).includes('AWSCURRENT'))
    await secrets.promote(versionId, await testedRing(deps, versionId, deadline))
  const ring = await secrets.current()
  // Nobody promises that a moved stage is seen at once. Retiring by the old ring would retire the new keys.
  if (ring.versionId !== versionId)
    throw rotationRefused('expected the moved AWSCURRENT to be seen, repeat the step')
  await publish(deps, ring, { ring: ring.signingKey, versionId, deadline })
}

export const STEPS: Readonly<Record<RotationStep, Step>> = {
  createSecret,
  setSecret,
  testSecret,
  finishSecret,
}

/** Gives what is in force, which was read before the pending ring was tested against it. */
const testedRing = async (deps: StepDeps, versionId: string, deadline: Deadline): Promise<CurrentRing> => {
  const { secrets } = deps
  const pending = pendingOrRefuse(await secrets.pending(versionId))
  const ring = await secrets.current()
  const ends = await endsAmong(deps, { ring, pending }, deadline)
  const keys = verificationKeys(ring.jwks, TOKEN_TYPE)
  for (const key of pending.keys) {
    if (ends.get(key.kid) === REVOKED) throw rotationRefused('expected no pending key to be revoked')
    const probe = await signClaims({}, key, TOKEN_TYPE)
    const published = keys.get(probe.split('.', 1)[0] ?? '')
    if (published === undefined || published.verifyUntil !== undefined || ends.has(key.kid)) {
      throw rotationRefused('expected every pending key to be published, and none retired')
    }
    await compactVerify(probe, await published.publicKey(), { algorithms: [ALGORITHM] }).catch(() => {
      throw rotationRefused('expected every pending key to sign what its published half verifies')
    })
  }
  return ring
}

interface Publishing {
  readonly ring: SigningKeySecret
  readonly versionId: string
  readonly deadline: Deadline
}

/** The directory is told of each end first: it is out of reach of whoever rolls a secret back. */
const publish = async (
  deps: StepDeps,
  current: CurrentRing,
  { ring, versionId, deadline }: Publishing,
): Promise<void> => {
  const { secrets, directory, now } = deps
  const { signingKey: inForce, jwks } = current
  const ends = await endsAmong(deps, { ring: current, pending: ring }, deadline)
  const published = publication({ jwks, ring, inForce, ends, now: now() })
  const retiring = published.keys.filter(({ kid }) => !ends.has(kid))
  // What is published of an end has all its copies in the directory. An end that the directory alone knows may be of a write that
  // broke off, which nothing else completes: also of a key that is dead by now, and published no more.
  const begun = jwks.keys
    .filter(({ verifyUntil }) => verifyUntil === undefined)
    .map(({ kid }) => ({ kid, verifyUntil: ends.get(kid) }))
  for (const { kid, verifyUntil = REVOKED } of [...retiring, ...begun])
    if (verifyUntil !== REVOKED) await directory.retireKey(kid, verifyUntil, deadline)
  await secrets.publish(published, current, versionId)
}

interface KeySets {
  readonly ring: CurrentRing
  readonly pending: SigningKeySecret
}

/**
 * What the directory knows of all keys that there are. It is not asked where none stands beside those that the first
 * rotation makes: nobody can have revoked them, and at a first deploy there is no table yet, since that is made last.
 */
const endsAmong = async (
  { directory }: StepDeps,
  { ring: { signingKey, jwks, former }, pending }: KeySets,
  deadline: Deadline,
): Promise<KeyEnds> => {
  const kidsOf = ({ keys }: { readonly keys: readonly { readonly kid: string }[] }) =>
    keys.map(({ kid }) => kid)
  const made = new Set(kidsOf(pending))
  const others = [signingKey, jwks, former ?? { keys: [] }].flatMap(kidsOf).filter((kid) => !made.has(kid))
  return others.length === 0 ? new Map() : directory.keyEnds([...made, ...new Set(others)], deadline)
}
