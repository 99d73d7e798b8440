/**
 * Every mistake that an operator can make with the two secrets of the key ring, at every call of a rotation: the rotation goes on
 * without noticing, or was interrupted there and is repeated. A case breaks when a token is issued that a sandbox refuses
 * within its life, when a sandbox accepts what a revoked or dead key signs, or when the next rotation does not mend it.
 */

import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { PrivateJwk } from '../../../lib/schemas/key-secrets.ts'
import { addVersion, PENDING } from '../../../tools/local/secrets-manager/secret.ts'
import { claims, header, mint } from '../../support/mint.ts'
import {
  type CallKind,
  JWKS_NAME,
  LEAD_SECONDS,
  type ModelledStage,
  modelledStage,
  type Sandbox,
  SIGNING_KEY_NAME,
  TOKEN_SECONDS,
} from './modelled-stage.ts'

type Mistake = (stage: ModelledStage) => void

const restored =
  (name: string, versionsBack: number): Mistake =>
  ({ vault }) => {
    const inForce = vault.inForce(name)
    const id = inForce.at(-1 - versionsBack)
    if (id !== undefined && id !== inForce.at(-1)) vault.restore(name, id)
  }
const emptied =
  (name: string): Mistake =>
  ({ vault }) =>
    vault.putByHand(name, { keys: [] })

const WITH = (name: string): Readonly<Record<string, Mistake>> => ({
  'left alone': () => undefined,
  'one version back': restored(name, 1),
  'two versions back': restored(name, 2),
  emptied: emptied(name),
})

export const MISTAKES: Readonly<Record<string, Mistake>> = {
  ...Object.fromEntries(
    Object.entries(WITH(SIGNING_KEY_NAME)).flatMap(([ofRing, first]) =>
      Object.entries(WITH(JWKS_NAME)).map(([ofJwks, second]) => [
        `signing-key ${ofRing}, jwks ${ofJwks}`,
        (stage: ModelledStage) => {
          first(stage)
          second(stage)
        },
      ]),
    ),
  ),
  'a pending version without keys': ({ vault }) => {
    const value = { SecretString: '{"keys":[]}' }
    addVersion(vault.secret(SIGNING_KEY_NAME), { id: 'pending-by-hand', value, stages: [PENDING], now: 0 })
  },
}

const fully = async (stage: ModelledStage): Promise<void> => {
  stage.begin()
  await stage.rotate()
}

/** What was before the rotation in question: three rotations and the time since. */
export const HISTORIES: Readonly<Record<string, (stage: ModelledStage) => Promise<void>>> = {
  'a month apart': async (stage) => {
    for (const _ of [1, 2, 3]) {
      await fully(stage)
      stage.at += 30 * 86_400
    }
  },
  'as soon as may be': async (stage) => {
    for (const _ of [1, 2, 3]) {
      await fully(stage)
      stage.at += LEAD_SECONDS
    }
  },
  'a key revoked in between': async (stage) => {
    await fully(stage)
    stage.at += LEAD_SECONDS
    await fully(stage)
    stage.at += LEAD_SECONDS
    stage.ends.set(stage.signingKey().keys[0]?.kid ?? '', 0)
    await fully(stage)
    stage.at += LEAD_SECONDS
  },
}

interface Watch {
  /** Looks at everything once, and writes down what breaks. */
  readonly look: (when: string) => Promise<void>
  readonly broken: string[]
}

/** A sandbox that has not asked yet, one that has just asked, one that asked 290 s ago, and one that is cut off from then on. */
const watched = async (stage: ModelledStage): Promise<Watch> => {
  const broken: string[] = []
  let isCutOff = false
  const warm = async (name: string, cutOff?: () => boolean): Promise<Sandbox> => {
    const made = stage.sandbox(name, cutOff)
    const issued = await made.issue()
    if (!('token' in issued) || (await made.validate(issued.token)) !== 'valid')
      throw new Error(`${name}: cannot work before the mistake`)
    return made
  }
  const old = await warm('old')
  const cut = await warm('cut off', () => isCutOff)
  stage.at += 290
  const sandboxes = [await warm('warm'), old, cut]
  isCutOff = true

  const deadKeys = deadAt(stage)
  const tokens = new Map<string, { token: string; until: number; issuedBy: string }>()
  let emptyUntil = 0

  const look = async (when: string): Promise<void> => {
    const now = stage.at
    if (stage.jwks().keys.length === 0) emptyUntil = now + 300
    const all = [...sandboxes, stage.sandbox('fresh')]
    for (const { name, issue } of all) {
      const issued = await issue()
      if ('token' in issued) {
        if (deadKeys.has(issued.kid)) broken.push(`${when}: ${name} signs with a dead key`)
        tokens.set(issued.kid, {
          token: issued.token,
          until: now + TOKEN_SECONDS,
          issuedBy: `${name} ${when}`,
        })
      } else if (!REFUSALS.has(issued.code)) broken.push(`${when}: ${name} refuses with ${issued.code}`)
    }
    const forged = [...deadKeys].map(([kid, key]) => mint(header(kid), forgedClaims(now), key))
    for (const { name, validate } of all) {
      for (const { token, until, issuedBy } of tokens.values()) {
        const verdict = until <= now ? 'valid' : await validate(token)
        const isOutage =
          verdict === 'SECRET_UNAVAILABLE'
            ? name === 'cut off'
            : verdict === 'KEYS_NOT_INITIALISED' && now <= emptyUntil
        if (verdict !== 'valid' && !isOutage)
          broken.push(`${when}: ${name} says ${verdict} of a token of ${issuedBy}`)
      }
      for (const token of forged) {
        if ((await validate(token)) === 'valid') broken.push(`${when}: ${name} accepts a dead key`)
      }
    }
  }
  return { look, broken }
}

/** How issuing may say that it cannot: 503 each, and why. */
const REFUSALS = new Set([
  'KEYS_NOT_INITIALISED',
  'KEY_UNPUBLISHED',
  'KEY_TOO_YOUNG',
  'KEY_RETIRED',
  'KEY_REVOKED',
  'SECRET_UNAVAILABLE',
])

/** Those that were in the ring and verify nothing any more, by what is published before the mistake. */
const deadAt = ({ everyKey, jwks, ends, at }: ModelledStage): Map<string, KeyObject> => {
  const alive = new Set(
    jwks()
      .keys.filter(
        ({ kid, verifyUntil = Number.POSITIVE_INFINITY }) => at < verifyUntil && ends.get(kid) !== 0,
      )
      .map(({ kid }) => kid),
  )
  return new Map([...everyKey].filter(([kid]) => !alive.has(kid)).map(([kid, key]) => [kid, keyObject(key)]))
}
const keyObject = ({ kty, crv, x, y, d }: PrivateJwk): KeyObject =>
  createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' })
const forgedClaims = (now: number) =>
  claims({ iss: 'https://tokens.test.invalid', aud: 'urn:cec:1', sub: 'tom', name: 'Tom' }, now)

class Interruption extends Error {}

/** What an interruption leaves behind changes with a write alone: an interruption before a further read is the same case. */
const INTERRUPTED = 'and the rotation was interrupted'

/** A rotation with the mistake before call number `call`; what kind of call that was, undefined where there was none. */
export const MODES: Readonly<
  Record<string, (stage: ModelledStage, call: number, mistake: () => void) => Promise<CallKind | undefined>>
> = {
  'and the rotation goes on': async (stage, call, mistake) => {
    let before: CallKind | undefined
    await stage
      .rotate((at, kind) => {
        if (at !== call) return
        before = kind
        mistake()
      })
      .catch(refusal)
    return before
  },
  [INTERRUPTED]: async (stage, call, mistake) => {
    let before: CallKind | undefined
    await stage
      .rotate((at, kind) => {
        if (at !== call) return
        before = kind
        throw new Interruption()
      })
      .catch((error: unknown) => (error instanceof Interruption ? undefined : refusal(error)))
    mistake()
    return before
  },
}

const refusal = (error: unknown): void => {
  const { code } = error as { code?: string }
  if (code !== 'ROTATION_REFUSED') throw error
}

/** What breaks where the mistake comes before this call; undefined where the rotation has no such call: it came to its end. */
const breaks = async (place: Place, call: number): Promise<readonly string[] | 'same' | 'end'> => {
  const stage = modelledStage()
  await HISTORIES[place.history]?.(stage)
  const { look, broken } = await watched(stage)
  const make = () => MISTAKES[place.mistake]?.(stage)
  stage.begin()
  const before = await MODES[place.mode]?.(stage, call, make)
  if (before === 'read' && place.mode === INTERRUPTED && call > 1) return 'same'
  if (before === undefined && place.mode !== INTERRUPTED) make()
  await look('at once')
  // Secrets Manager repeats what has failed.
  for (const attempt of [1, 2]) {
    await stage.rotate().catch(refusal)
    await look(`after attempt ${attempt}`)
  }
  // The operator does not wait: within 1,510 s of the last rotation it may be refused where nothing is to be mended.
  stage.begin()
  await stage.rotate().catch(refusal)
  await look('after a rotation at once')
  for (const [name, { keys }] of [
    ['signing-key', stage.signingKey()] as const,
    ['jwks', stage.jwks()] as const,
  ])
    if (keys.length === 0) broken.push(`${name} is still empty after a rotation`)
  stage.at += 301
  await look('300 s later')
  stage.at += LEAD_SECONDS
  await look('before the next rotation')
  await fully(stage).catch((error: unknown) => broken.push(`the next rotation fails: ${String(error)}`))
  await look('after the next rotation')
  stage.at += LEAD_SECONDS
  await look('when the next rotation is old')
  for (const name of ['fresh', 'fresh too']) {
    const issued = await stage.sandbox(name).issue()
    if (!('token' in issued)) broken.push(`in the end issuing says ${issued.code}`)
  }
  const dead = deadAt(stage)
  for (const { kid } of stage.signingKey().keys) if (dead.has(kid)) broken.push('a dead key is in force')
  stage.at += TOKEN_SECONDS - 1
  await look('at the end of the last token')
  return before === undefined && broken.length === 0 ? 'end' : broken
}

export interface Place {
  readonly history: string
  readonly mode: string
  readonly mistake: string
}

/** All cases of a place, or each so-manieth of them; how many there were, and what breaks. */
export const matrixOf = async (place: Place, every = 1): Promise<{ cases: number; broken: string[] }> => {
  const broken: string[] = []
  let cases = 0
  for (let call = 1; call < MOST_CALLS; call += place.mode === INTERRUPTED ? 1 : every) {
    const outcome = await breaks(place, call)
    if (outcome === 'same') continue
    cases += 1
    if (outcome === 'end') return { cases, broken }
    broken.push(...outcome.map((what) => `call ${call}: ${what}`))
  }
  return { cases, broken }
}

/** More than a rotation makes. */
const MOST_CALLS = 100
