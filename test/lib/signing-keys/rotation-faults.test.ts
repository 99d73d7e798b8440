import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import type { SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { ROTATION_STEPS, type RotationStep } from '../../../lib/schemas/rotation.ts'
import { awsSecretSource, awsSecretVault } from '../../../lib/secrets/aws.ts'
import { signingKeyRotation } from '../../../lib/signing-keys/rotation.ts'
import { startWorld, TABLE, type World } from '../../support/world.ts'
import {
  DAY_SECONDS,
  FAR_SECONDS,
  kids,
  newRotatedStage,
  PUBLICATION_LEAD_SECONDS,
  type RotatedStage,
} from './rotated-stage.ts'

let world: World
let stage: RotatedStage

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  stage = await newRotatedStage(world)
})

describe('lib/signing-keys/rotation: when things go wrong', () => {
  const fullRotation = async () => {
    stage.at += 30 * DAY_SECONDS
    stage.beginAnother()
    await stage.rotateFully()
  }

  it('leaves a retired key out of the ring, and its end as it is, after a roll-back of the secret', async () => {
    await stage.rotateFully()
    const old = await stage.signingKey()
    await fullRotation()
    const endOfOld = (await stage.jwks()).keys[0]?.verifyUntil
    world.secretsManager.put(`${stage.prefix}/signing-key`, old)
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.rotateFully()
    const ring = await stage.signingKey()
    expect(kids(ring)[0]).toBe(kids(old)[1])
    const published = new Map((await stage.jwks()).keys.map((key) => [key.kid, key.verifyUntil]))
    for (const kid of kids(ring)) expect([published.has(kid), published.get(kid)]).toEqual([true, undefined])
    expect(published.get(kids(old)[0] ?? '')).toBe(endOfOld)
  })

  it('promotes no key that is retired: a new one signs once every verifier knows it', async () => {
    await stage.rotateFully()
    const ring = await stage.jwks()
    world.secretsManager.put(`${stage.prefix}/jwks`, {
      keys: ring.keys.map((key) => ({ ...key, verifyUntil: stage.at + FAR_SECONDS })),
    })
    stage.at += PUBLICATION_LEAD_SECONDS
    const retired = kids(await stage.signingKey())
    stage.beginAnother()
    await stage.rotateFully()
    const { keys } = await stage.signingKey()
    for (const { kid, signsAtOnce } of keys)
      expect([retired.includes(kid), signsAtOnce]).toEqual([false, undefined])
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.rotateFully()
    expect((await stage.signingKey()).keys.map(({ state }) => state)).toEqual(['active', 'next'])
    expect(kids(await stage.signingKey())[0]).toBe(keys[1]?.kid)
  })

  it('refuses a pending key whose private half does not belong to its public half', async () => {
    await stage.step('createSecret')
    const { value } = await awsSecretSource().read(`${stage.prefix}/signing-key`, 'AWSPENDING')
    const [active, next] = (JSON.parse(value) as SigningKeySecret).keys
    if (active === undefined || next === undefined) throw new TypeError('the pending ring is not whole')
    const { x, y } = next
    const published = [{ ...active, x, y }, next].map(({ d: _, state: __, signsAtOnce: ___, ...key }) => ({
      ...key,
      publishedAt: stage.at,
    }))
    world.secretsManager.put(`${stage.prefix}/jwks`, { keys: published })
    await expect(stage.step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('retires the keys of rotations that were given up, and never one in force', async () => {
    await stage.rotateFully()
    stage.at += PUBLICATION_LEAD_SECONDS
    for (let i = 0; i < 25; i++) {
      stage.beginAnother()
      await stage.step('createSecret')
      await stage.step('setSecret')
    }
    await stage.steps('testSecret', 'finishSecret')
    const alive = (await stage.jwks()).keys.filter(({ verifyUntil }) => verifyUntil === undefined)
    expect(kids({ keys: alive }).sort()).toEqual(kids(await stage.signingKey()).sort())
    await fullRotation()
    expect(kids(await stage.jwks())).toHaveLength(3)
  })

  it('lets an old key verify whose rotation stopped after its last step, when the next one begins', async () => {
    await stage.rotateFully()
    const [old] = kids(await stage.signingKey())
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.steps('createSecret', 'setSecret', 'testSecret')
    world.secretsManager.fail({
      action: 'PutSecretValue',
      kind: 'error',
      status: 500,
      type: 'InternalServiceError',
      times: 9,
    })
    await expect(stage.step('finishSecret')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    world.secretsManager.clearFaults()
    const promotedAt = stage.at
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.rotateFully()
    expect((await stage.jwks()).keys.find(({ kid }) => kid === old)?.verifyUntil).toBe(
      promotedAt + 300 + 900 + 3600 + 10,
    )
  })

  it('finishes again long after a retired key has died', async () => {
    await stage.rotateFully()
    await fullRotation()
    stage.at += DAY_SECONDS
    await stage.step('finishSecret')
    expect(kids(await stage.jwks())).toEqual(kids(await stage.signingKey()))
  })
})

describe('lib/signing-keys/rotation: a moved stage that is not seen yet', () => {
  it('repeats finishSecret rather than retire by an AWSCURRENT that is not seen yet', async () => {
    const vault = awsSecretVault()
    const lagging = { ...vault, read: vault.read }
    const rotation = signingKeyRotation({
      vault: lagging,
      directory: dynamoDirectory({ table: TABLE, random: () => 0 }),
      prefix: stage.prefix,
      now: () => new Date(stage.at * 1000),
    })
    const run = (Step: RotationStep) =>
      rotation(
        { Step, SecretId: `${stage.prefix}/signing-key`, ClientRequestToken: stage.versionId },
        { remainingMs: () => 5_000 },
      )
    for (const name of ROTATION_STEPS) await run(name)
    const before = await stage.jwks()
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    const old = await vault.read(`${stage.prefix}/signing-key`, 'AWSCURRENT')
    for (const name of ['createSecret', 'setSecret', 'testSecret'] as const) await run(name)
    lagging.read = async (name, stage) =>
      stage === 'AWSCURRENT' && name.endsWith('signing-key') ? old : vault.read(name, stage)
    await expect(run('finishSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect((await stage.jwks()).keys.slice(0, 2)).toEqual(before.keys)
    lagging.read = vault.read
    await run('finishSecret')
    expect((await stage.jwks()).keys.map(({ verifyUntil }) => verifyUntil === undefined)).toEqual([
      false,
      true,
      true,
    ])
  })
})
