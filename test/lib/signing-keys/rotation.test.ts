import { randomUUID } from 'node:crypto'
import {
  DeleteSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROTATION_STEPS } from '../../../lib/schemas/rotation.ts'
import { awsSecretVault } from '../../../lib/secrets/aws.ts'
import { firstKeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { startWorld, type World } from '../../support/world.ts'
import {
  BEGIN,
  DAY_SECONDS,
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

describe('lib/signing-keys/rotation: the first keys', () => {
  it('makes an active and a next key, both public', async () => {
    await stage.rotateFully()
    const ring = await stage.signingKey()
    expect(ring.keys.map(({ state }) => state)).toEqual(['active', 'next'])
    expect(await stage.jwks()).toEqual({
      keys: ring.keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, publishedAt: stage.at })),
    })
    expect(world.lines.at(-1)).toMatchObject({
      level: 'INFO',
      code: 'ROTATION_STEP_DONE',
      step: 'finishSecret',
    })
  })

  it('makes them just so where the secrets hold empty key sets', async () => {
    stage = await newRotatedStage(world, {}, { emptied: true })
    await stage.rotateFully()
    expect(kids(await stage.jwks())).toEqual(kids(await stage.signingKey()))
    expect(kids(await stage.jwks())).toHaveLength(2)
  })

  it('comes to the same end where Secrets Manager puts the first value that is written in force at once', async () => {
    // Prepare: its documentation has PutSecretValue give AWSCURRENT to the first version of a secret, whatever label was asked for
    await stage.step('createSecret')
    const client = new SecretsManagerClient()
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: `${stage.prefix}/signing-key`,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: stage.versionId,
      }),
    )
    client.destroy()
    // Act
    await stage.steps('setSecret', 'testSecret', 'finishSecret')
    // Assess
    expect(kids(await stage.jwks())).toEqual(kids(await stage.signingKey()))
    expect(kids(await stage.jwks())).toHaveLength(2)
  })

  it('makes none for a secret jwks that is gone: nothing would verify what they sign', async () => {
    const client = new SecretsManagerClient()
    const SecretId = `${stage.prefix}/jwks`
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    client.destroy()
    await expect(stage.rotateFully()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    expect(await stage.signingKey()).toEqual({ keys: [] })
  })

  it('publishes before the new version is in force', async () => {
    await stage.step('createSecret')
    await stage.step('setSecret')
    expect(kids(await stage.jwks())).toHaveLength(2)
    expect(await stage.signingKey()).toEqual({ keys: [] })
  })

  it('comes to the same end when every step is repeated', async () => {
    for (const name of ROTATION_STEPS) {
      await stage.step(name)
      stage.at += 1
      await stage.step(name)
    }
    expect(kids(await stage.jwks())).toEqual(kids(await stage.signingKey()))
    expect((await stage.jwks()).keys.map(({ publishedAt }) => publishedAt)).toEqual([BEGIN + 1, BEGIN + 1])
  })
})

describe('lib/signing-keys/rotation: the next rotation', () => {
  it('promotes next, makes a new one, and lets the old one verify until its last token is dead', async () => {
    await stage.rotateFully()
    const before = kids(await stage.signingKey())
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.rotateFully()
    const after = kids(await stage.signingKey())
    expect(after[0]).toBe(before[1])
    expect(before).not.toContain(after[1])
    const published = await stage.jwks()
    expect(kids(published)).toEqual([before[0], before[1], after[1]])
    expect(published.keys[0]?.verifyUntil).toBe(stage.at + 300 + 900 + 3600 + 10)
    expect(published.keys.slice(1).every(({ verifyUntil }) => verifyUntil === undefined)).toBe(true)
  })

  it('drops a retired key once it is dead', async () => {
    await stage.rotateFully()
    const [first] = kids(await stage.signingKey())
    for (let rotation = 0; rotation < 2; rotation++) {
      stage.at += 30 * DAY_SECONDS
      stage.beginAnother()
      await stage.rotateFully()
    }
    expect(kids(await stage.jwks())).not.toContain(first)
    expect(kids(await stage.jwks())).toHaveLength(3)
  })

  it('refuses while next has not been public for long enough, and promotes a second later', async () => {
    await stage.rotateFully()
    stage.at += PUBLICATION_LEAD_SECONDS - 1
    stage.beginAnother()
    await expect(stage.step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    stage.at += 1
    await expect(stage.step('createSecret')).resolves.toBeUndefined()
  })

  it('retires the old key also when the last write of a rotation has to be repeated', async () => {
    await stage.rotateFully()
    const [old] = kids(await stage.signingKey())
    stage.at += PUBLICATION_LEAD_SECONDS
    stage.beginAnother()
    await stage.step('createSecret')
    await stage.step('setSecret')
    world.secretsManager.fail({
      action: 'PutSecretValue',
      kind: 'error',
      status: 500,
      type: 'InternalServiceError',
      times: 9,
    })
    await expect(stage.step('finishSecret')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    expect((await stage.jwks()).keys.find(({ kid }) => kid === old)?.verifyUntil).toBeUndefined()
    world.secretsManager.clearFaults()
    await stage.step('finishSecret')
    expect((await stage.jwks()).keys.find(({ kid }) => kid === old)?.verifyUntil).toBeGreaterThan(stage.at)
  })
})

describe('lib/signing-keys/rotation refuses', () => {
  it.each([
    ['another secret', () => ({ SecretId: `${stage.prefix}/callers` })],
    [
      'a secret whose name only begins like its own',
      () => ({
        SecretId: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${stage.prefix}/signing-key-x-AbCdEf`,
      }),
    ],
    ['a version that is not being rotated', () => ({ ClientRequestToken: randomUUID() })],
  ])('%s', async (_, changes) => {
    await expect(stage.step('createSecret', changes())).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    await expect(stage.step('createSecret')).resolves.toBeUndefined()
  })

  it.each(['setSecret', 'testSecret', 'finishSecret'] as const)('%s before createSecret', async (name) => {
    await expect(stage.step(name)).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('testSecret while a pending key is not public', async () => {
    await stage.step('createSecret')
    await expect(stage.step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    await stage.step('setSecret')
    await expect(stage.step('testSecret')).resolves.toBeUndefined()
  })

  it('promotion of a ring whose keys were never published, and makes others instead', async () => {
    const ring = await firstKeyRing(new Date(0))
    world.secretsManager.put(`${stage.prefix}/signing-key`, ring.signingKey)
    stage.beginAnother()
    await stage.rotateFully()
    const after = await stage.signingKey()
    expect(after.keys.map(({ state }) => state)).toEqual(['active', 'next'])
    expect(kids(await stage.jwks())).toEqual(kids(after))
    for (const kid of kids(ring.signingKey)) expect(kids(after)).not.toContain(kid)
    stage.beginAnother()
    await expect(stage.step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    stage.at += PUBLICATION_LEAD_SECONDS
    await expect(stage.step('createSecret')).resolves.toBeUndefined()
  })

  it.each(ROTATION_STEPS)(
    '%s of a pending version without keys, and leaves both secrets alone',
    async (name) => {
      await stage.rotateFully()
      const before = [await stage.signingKey(), await stage.jwks()]
      stage.at += PUBLICATION_LEAD_SECONDS
      stage.beginAnother()
      const version = { versionId: stage.versionId, value: '{"keys":[]}' }
      await awsSecretVault().put(`${stage.prefix}/signing-key`, version, 'AWSPENDING')
      await expect(stage.step(name)).rejects.toMatchObject({
        code: 'ROTATION_REFUSED',
        message: 'expected keys in the pending version: give it up and rotate anew',
      })
      expect([await stage.signingKey(), await stage.jwks()]).toEqual(before)
      stage.beginAnother()
      await expect(stage.rotateFully()).resolves.toBeUndefined()
    },
  )

  it('an event that is none, with its field', async () => {
    await expect(stage.rotate({ Step: 'deleteSecret' })).rejects.toMatchObject({
      code: 'EVENT_INVALID',
    })
    expect(world.lines.at(-1)).toMatchObject({ level: 'ERROR', code: 'EVENT_INVALID', field: 'Step' })
  })

  it('and accepts the ARN that Secrets Manager sends', async () => {
    const SecretId = `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${stage.prefix}/signing-key-AbCdEf`
    await expect(stage.step('createSecret', { SecretId })).resolves.toBeUndefined()
  })
})
