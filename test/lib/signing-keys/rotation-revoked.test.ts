import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { startWorld, TABLE, type World } from '../../support/world.ts'
import {
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

describe('lib/signing-keys/rotation: after a key was revoked', () => {
  const revoke = (kid: string | undefined) =>
    dynamoDirectory({ table: TABLE, random: () => 0 }).revokeKey(kid ?? '', { remainingMs: () => 5_000 })
  const begun = async () => {
    await stage.rotateFully()
    stage.at += 60
    stage.beginAnother()
    return kids(await stage.signingKey())
  }

  it('goes on with next at once, and publishes the revoked one no more, not even as retired', async () => {
    const [active, next] = await begun()
    await revoke(active)
    await stage.rotateFully()
    const [first, second] = kids(await stage.signingKey())
    expect(first).toBe(next)
    expect([active, next]).not.toContain(second)
    expect(kids(await stage.jwks())).toEqual([first, second])
    expect((await stage.jwks()).keys.every(({ verifyUntil }) => verifyUntil === undefined)).toBe(true)
  })

  it('keeps the active one and makes another next when next was revoked', async () => {
    const [active, next] = await begun()
    await revoke(next)
    await stage.rotateFully()
    const after = kids(await stage.signingKey())
    expect(after[0]).toBe(active)
    expect(after[1]).not.toBe(next)
    expect(kids(await stage.jwks())).toEqual(after)
  })

  it('makes two new ones when both were revoked', async () => {
    const before = await begun()
    for (const kid of before) await revoke(kid)
    await stage.rotateFully()
    const after = kids(await stage.signingKey())
    expect(after).toHaveLength(2)
    for (const kid of before) expect(after).not.toContain(kid)
    expect(kids(await stage.jwks())).toEqual(after)
  })

  it('takes a revoked key that is retired from the published ones, and does not promote next too early', async () => {
    await begun()
    stage.at += PUBLICATION_LEAD_SECONDS
    await stage.rotateFully()
    const [retired] = kids(await stage.jwks())
    const ring = kids(await stage.signingKey())
    expect(ring).not.toContain(retired)
    await revoke(retired)
    stage.at += 60
    stage.beginAnother()
    await stage.rotateFully()
    expect(kids(await stage.signingKey())).toEqual(ring)
    expect(kids(await stage.jwks())).toEqual(ring)
  })

  it('makes new keys rather than promote a next one that verifiers take for retired', async () => {
    const [active, next] = await begun()
    const published = (await stage.jwks()).keys
    world.secretsManager.put(`${stage.prefix}/jwks`, {
      keys: published.map((key) =>
        key.kid === next ? { ...key, verifyUntil: stage.at + FAR_SECONDS } : key,
      ),
    })
    await revoke(active)
    await stage.rotateFully()
    expect(kids(await stage.signingKey())).not.toContain(next)
  })

  it('stops before a pending key that was revoked meanwhile is in force', async () => {
    const [active, next] = await begun()
    await revoke(active)
    await stage.step('createSecret')
    await revoke(next)
    await stage.step('setSecret')
    await expect(stage.step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect(kids(await stage.signingKey())).toEqual([active, next])
    stage.beginAnother()
    await stage.rotateFully()
    for (const kid of [active, next]) expect(kids(await stage.signingKey())).not.toContain(kid)
  })

  it('stops as well when a pending key is revoked after it was published, and takes it out of the JWKS', async () => {
    const ring = await begun()
    stage.at += PUBLICATION_LEAD_SECONDS
    await stage.step('createSecret')
    await stage.step('setSecret')
    const [pending = ''] = kids(await stage.jwks()).filter((kid) => !ring.includes(kid))
    await revoke(pending)
    await expect(stage.step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    // what it then publishes is what an older version of the secret held
    await stage.step('setSecret')
    expect(kids(await stage.jwks())).toEqual(ring)
    expect(kids(await stage.signingKey())).toEqual(ring)
  })

  it('rotates in the ordinary way afterwards', async () => {
    const [active] = await begun()
    await revoke(active)
    await stage.rotateFully()
    const ring = kids(await stage.signingKey())
    stage.beginAnother()
    await expect(stage.step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.rotateFully()
    expect(kids(await stage.signingKey())[0]).toBe(ring[1])
  })

  it.each([
    ['the ring in force', 'signing-key'],
    ['the published keys', 'jwks'],
  ])(
    'refuses to go on while it cannot be known which are revoked, as soon as there are keys in %s',
    async (_, name) => {
      const { signingKey, jwks } = world.ring
      stage = await newRotatedStage(world, { DIRECTORY_TABLE: 'not-made' })
      world.secretsManager.put(`${stage.prefix}/${name}`, name === 'jwks' ? jwks : signingKey)
      await expect(stage.step('createSecret')).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
    },
  )

  it('makes the first keys all the same: nobody can have revoked them', async () => {
    stage = await newRotatedStage(world, { DIRECTORY_TABLE: 'not-made-yet' })
    await stage.rotateFully()
    expect(await stage.signingKey()).toMatchObject({ keys: [{ state: 'active' }, { state: 'next' }] })
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await expect(stage.step('createSecret')).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  })

  it.each(['setSecret', 'testSecret', 'finishSecret'] as const)(
    'asks as well about keys that are only pending, in %s',
    async (name) => {
      await begun()
      stage.at += PUBLICATION_LEAD_SECONDS
      await stage.step('createSecret')
      if (name !== 'setSecret') await stage.step('setSecret')
      const { value } = await awsSecretSource().read(`${stage.prefix}/signing-key`, 'AWSPENDING')
      await revoke(kids(JSON.parse(value))[1])
      const outcome = stage.step(name)
      if (name === 'setSecret') await outcome
      else await expect(outcome).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
      expect(kids(await stage.signingKey())).not.toContain(kids(JSON.parse(value))[1])
    },
  )

  it('takes a revoked key out of jwks although the ring was emptied', async () => {
    const [active] = await begun()
    await revoke(active)
    world.secretsManager.put(`${stage.prefix}/signing-key`, { keys: [] })
    stage.beginAnother()
    await stage.rotateFully()
    expect(kids(await stage.jwks())).not.toContain(active)
    expect(kids(await stage.signingKey())).not.toContain(active)
  })
})
