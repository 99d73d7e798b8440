import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import type { JwksSecret, SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { ROTATION_STEPS, type RotationStep } from '../../../lib/schemas/rotation.ts'
import { awsSecretSource, awsSecretVault } from '../../../lib/secrets/aws.ts'
import { firstKeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { signingKeyRotation } from '../../../lib/signing-keys/rotation.ts'
import type { TaskHandler } from '../../../lib/start/task.ts'
import { contextWith, startWorld, TABLE, type World } from '../../support/world.ts'

/** 300 s of age, 900 s stale, twice 5 s of tolerance, 300 s of the JWKS answer: literal, as the README has it. */
const PUBLICATION_LEAD_SECONDS = 1510

let world: World
let prefix: string
let at: number
let rotate: TaskHandler
let versionId: string

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  prefix = `rotation-${randomUUID()}`
  world.secretsManager.put(`${prefix}/signing-key`, { keys: [] })
  world.secretsManager.put(`${prefix}/jwks`, { keys: [] })
  at = 1_800_000_000
  const { rotateSigningKey } = await import('../../../functions/rotate-signing-key.ts')
  const env = { ...process.env, SECRETS_PREFIX: prefix }
  rotate = rotateSigningKey(world.runtime({ env, now: () => new Date(at * 1000) }))
  versionId = world.secretsManager.startRotation(`${prefix}/signing-key`)
})

const step = (Step: RotationStep, changes: object = {}): Promise<void> =>
  rotate(
    { Step, SecretId: `${prefix}/signing-key`, ClientRequestToken: versionId, ...changes },
    contextWith() as Context,
  )
const rotateFully = async () => {
  for (const name of ROTATION_STEPS) await step(name)
}
const current = async <T>(name: string): Promise<T> =>
  JSON.parse((await awsSecretSource().read(`${prefix}/${name}`, 'AWSCURRENT')).value) as T
const signingKey = () => current<SigningKeySecret>('signing-key')
const jwks = () => current<JwksSecret>('jwks')
const kids = (ring: { keys: readonly { kid: string }[] }) => ring.keys.map(({ kid }) => kid)
const beginAnother = () => {
  versionId = world.secretsManager.startRotation(`${prefix}/signing-key`)
}

describe('functions/rotate-signing-key: the first keys', () => {
  it('makes an active and a next key, both public', async () => {
    await rotateFully()
    const ring = await signingKey()
    expect(ring.keys.map(({ state }) => state)).toEqual(['active', 'next'])
    expect(await jwks()).toEqual({
      keys: ring.keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, publishedAt: at })),
    })
    expect(world.lines.at(-1)).toMatchObject({
      level: 'INFO',
      code: 'ROTATION_STEP_DONE',
      step: 'finishSecret',
    })
  })

  it('publishes before the new version is in force', async () => {
    await step('createSecret')
    await step('setSecret')
    expect(kids(await jwks())).toHaveLength(2)
    expect(await signingKey()).toEqual({ keys: [] })
  })

  it('comes to the same end when every step is repeated', async () => {
    for (const name of ROTATION_STEPS) {
      await step(name)
      at += 1
      await step(name)
    }
    expect(kids(await jwks())).toEqual(kids(await signingKey()))
    expect((await jwks()).keys.map(({ publishedAt }) => publishedAt)).toEqual([1_800_000_001, 1_800_000_001])
  })
})

describe('functions/rotate-signing-key: the next rotation', () => {
  it('promotes next, makes a new one, and lets the old one verify until its last token is dead', async () => {
    await rotateFully()
    const before = kids(await signingKey())
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    await rotateFully()
    const after = kids(await signingKey())
    expect(after[0]).toBe(before[1])
    expect(before).not.toContain(after[1])
    const published = await jwks()
    expect(kids(published)).toEqual([before[0], before[1], after[1]])
    expect(published.keys[0]?.verifyUntil).toBe(at + 300 + 900 + 3600 + 10)
    expect(published.keys.slice(1).every(({ verifyUntil }) => verifyUntil === undefined)).toBe(true)
  })

  it('drops a retired key once it is dead', async () => {
    await rotateFully()
    const [first] = kids(await signingKey())
    for (let rotation = 0; rotation < 2; rotation++) {
      at += 30 * 86_400
      beginAnother()
      await rotateFully()
    }
    expect(kids(await jwks())).not.toContain(first)
    expect(kids(await jwks())).toHaveLength(3)
  })

  it('refuses while next has not been public for long enough, and promotes a second later', async () => {
    await rotateFully()
    at += PUBLICATION_LEAD_SECONDS - 1
    beginAnother()
    await expect(step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    at += 1
    await expect(step('createSecret')).resolves.toBeUndefined()
  })

  it('retires the old key also when the last write of a rotation has to be repeated', async () => {
    await rotateFully()
    const [old] = kids(await signingKey())
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    await step('createSecret')
    await step('setSecret')
    world.secretsManager.fail({
      action: 'PutSecretValue',
      kind: 'error',
      status: 500,
      type: 'InternalServiceError',
      times: 9,
    })
    await expect(step('finishSecret')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    expect((await jwks()).keys.find(({ kid }) => kid === old)?.verifyUntil).toBeUndefined()
    world.secretsManager.clearFaults()
    await step('finishSecret')
    expect((await jwks()).keys.find(({ kid }) => kid === old)?.verifyUntil).toBeGreaterThan(at)
  })
})

describe('functions/rotate-signing-key: when things go wrong', () => {
  const fullRotation = async () => {
    at += 30 * 86_400
    beginAnother()
    await rotateFully()
  }

  it('takes a key that is in force again, after a roll-back of the secret, out of retirement', async () => {
    await rotateFully()
    const old = await signingKey()
    await fullRotation()
    world.secretsManager.put(`${prefix}/signing-key`, old)
    await fullRotation()
    const ring = await signingKey()
    const published = new Map((await jwks()).keys.map((key) => [key.kid, key.verifyUntil]))
    for (const kid of kids(ring)) expect([published.has(kid), published.get(kid)]).toEqual([true, undefined])
  })

  it('refuses to promote a key that is retired', async () => {
    await rotateFully()
    const ring = await jwks()
    world.secretsManager.put(`${prefix}/jwks`, {
      keys: ring.keys.map((key) => ({ ...key, verifyUntil: at + 9e6 })),
    })
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    await expect(step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('refuses a pending key whose private half does not belong to its public half', async () => {
    await step('createSecret')
    const { value } = await awsSecretSource().read(`${prefix}/signing-key`, 'AWSPENDING')
    const [active, next] = (JSON.parse(value) as SigningKeySecret).keys
    if (active === undefined || next === undefined) throw new TypeError('the pending ring is not whole')
    const { x, y } = next
    const published = [{ ...active, x, y }, next].map(({ d: _, state: __, ...key }) => ({
      ...key,
      publishedAt: at,
    }))
    world.secretsManager.put(`${prefix}/jwks`, { keys: published })
    await expect(step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('retires the keys of rotations that were given up, and never one in force', async () => {
    await rotateFully()
    at += PUBLICATION_LEAD_SECONDS
    for (let i = 0; i < 25; i++) {
      beginAnother()
      await step('createSecret')
      await step('setSecret')
    }
    for (const name of ['testSecret', 'finishSecret'] as const) await step(name)
    const alive = (await jwks()).keys.filter(({ verifyUntil }) => verifyUntil === undefined)
    expect(kids({ keys: alive }).sort()).toEqual(kids(await signingKey()).sort())
    await fullRotation()
    expect(kids(await jwks())).toHaveLength(3)
  })

  it('lets an old key verify whose rotation stopped after its last step, when the next one begins', async () => {
    await rotateFully()
    const [old] = kids(await signingKey())
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    for (const name of ['createSecret', 'setSecret', 'testSecret'] as const) await step(name)
    world.secretsManager.fail({
      action: 'PutSecretValue',
      kind: 'error',
      status: 500,
      type: 'InternalServiceError',
      times: 9,
    })
    await expect(step('finishSecret')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    world.secretsManager.clearFaults()
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    await rotateFully()
    expect((await jwks()).keys.find(({ kid }) => kid === old)?.verifyUntil).toBeGreaterThan(at + 3600)
  })

  it('finishes again long after a retired key has died', async () => {
    await rotateFully()
    await fullRotation()
    at += 86_400
    await step('finishSecret')
    expect(kids(await jwks())).toEqual(kids(await signingKey()))
  })
})

describe('functions/rotate-signing-key: after a key was revoked', () => {
  const revoke = (kid: string | undefined) =>
    dynamoDirectory({ table: TABLE, random: () => 0 }).revokeKey(kid ?? '', { remainingMs: () => 5_000 })
  const begun = async () => {
    await rotateFully()
    at += 60
    beginAnother()
    return kids(await signingKey())
  }

  it('goes on with next at once, and publishes the revoked one no more, not even as retired', async () => {
    const [active, next] = await begun()
    await revoke(active)
    await rotateFully()
    const [first, second] = kids(await signingKey())
    expect(first).toBe(next)
    expect([active, next]).not.toContain(second)
    expect(kids(await jwks())).toEqual([first, second])
    expect((await jwks()).keys.every(({ verifyUntil }) => verifyUntil === undefined)).toBe(true)
  })

  it('keeps the active one and makes another next when next was revoked', async () => {
    const [active, next] = await begun()
    await revoke(next)
    await rotateFully()
    const after = kids(await signingKey())
    expect(after[0]).toBe(active)
    expect(after[1]).not.toBe(next)
    expect(kids(await jwks())).toEqual(after)
  })

  it('makes two new ones when both were revoked', async () => {
    const before = await begun()
    for (const kid of before) await revoke(kid)
    await rotateFully()
    const after = kids(await signingKey())
    expect(after).toHaveLength(2)
    for (const kid of before) expect(after).not.toContain(kid)
    expect(kids(await jwks())).toEqual(after)
  })

  it('takes a revoked key that is retired from the published ones, and does not promote next too early', async () => {
    await begun()
    at += PUBLICATION_LEAD_SECONDS
    await rotateFully()
    const [retired] = kids(await jwks())
    const ring = kids(await signingKey())
    expect(ring).not.toContain(retired)
    await revoke(retired)
    at += 60
    beginAnother()
    await rotateFully()
    expect(kids(await signingKey())).toEqual(ring)
    expect(kids(await jwks())).toEqual(ring)
  })

  it('makes new keys rather than promote a next one that verifiers take for retired', async () => {
    const [active, next] = await begun()
    const published = (await jwks()).keys
    world.secretsManager.put(`${prefix}/jwks`, {
      keys: published.map((key) => (key.kid === next ? { ...key, verifyUntil: at + 9e6 } : key)),
    })
    await revoke(active)
    await rotateFully()
    expect(kids(await signingKey())).not.toContain(next)
  })

  it('stops before a pending key that was revoked meanwhile is in force', async () => {
    const [active, next] = await begun()
    await revoke(active)
    await step('createSecret')
    await revoke(next)
    await step('setSecret')
    await expect(step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect(kids(await signingKey())).toEqual([active, next])
    beginAnother()
    await rotateFully()
    for (const kid of [active, next]) expect(kids(await signingKey())).not.toContain(kid)
  })

  it('stops as well when a pending key is revoked after it was published, and takes it out of the JWKS', async () => {
    const ring = await begun()
    at += PUBLICATION_LEAD_SECONDS
    await step('createSecret')
    await step('setSecret')
    const [pending = ''] = kids(await jwks()).filter((kid) => !ring.includes(kid))
    await revoke(pending)
    await expect(step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    // what it then publishes is what an older version of the secret held
    await step('setSecret')
    expect(kids(await jwks())).toEqual(ring)
    expect(kids(await signingKey())).toEqual(ring)
  })

  it('rotates in the ordinary way afterwards', async () => {
    const [active] = await begun()
    await revoke(active)
    await rotateFully()
    const ring = kids(await signingKey())
    beginAnother()
    await expect(step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    await rotateFully()
    expect(kids(await signingKey())[0]).toBe(ring[1])
  })

  it('refuses to go on while it cannot be known which keys are revoked, and makes the first ones all the same', async () => {
    const { rotateSigningKey } = await import('../../../functions/rotate-signing-key.ts')
    const env = { ...process.env, SECRETS_PREFIX: prefix, DIRECTORY_TABLE: 'not-made-yet' }
    rotate = rotateSigningKey(world.runtime({ env, now: () => new Date(at * 1000) }))
    await rotateFully()
    expect(await signingKey()).toMatchObject({ keys: [{ state: 'active' }, { state: 'next' }] })
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    await expect(step('createSecret')).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  })
})

describe('lib/signing-keys/rotation', () => {
  it('repeats finishSecret rather than retire by an AWSCURRENT that is not seen yet', async () => {
    const vault = awsSecretVault()
    const lagging = { ...vault, read: vault.read }
    const rotation = signingKeyRotation({
      vault: lagging,
      directory: dynamoDirectory({ table: TABLE, random: () => 0 }),
      prefix,
      now: () => new Date(at * 1000),
    })
    const run = (Step: RotationStep) =>
      rotation(
        { Step, SecretId: `${prefix}/signing-key`, ClientRequestToken: versionId },
        { remainingMs: () => 5_000 },
      )
    for (const name of ROTATION_STEPS) await run(name)
    const before = await jwks()
    at += PUBLICATION_LEAD_SECONDS
    beginAnother()
    const old = await vault.read(`${prefix}/signing-key`, 'AWSCURRENT')
    for (const name of ['createSecret', 'setSecret', 'testSecret'] as const) await run(name)
    lagging.read = async (name, stage) =>
      stage === 'AWSCURRENT' && name.endsWith('signing-key') ? old : vault.read(name, stage)
    await expect(run('finishSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect((await jwks()).keys.slice(0, 2)).toEqual(before.keys)
    lagging.read = vault.read
    await run('finishSecret')
    expect((await jwks()).keys.map(({ verifyUntil }) => verifyUntil === undefined)).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('functions/rotate-signing-key refuses', () => {
  it.each([
    ['another secret', () => ({ SecretId: `${prefix}/callers` })],
    [
      'a secret whose name only begins like its own',
      () => ({
        SecretId: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${prefix}/signing-key-x-AbCdEf`,
      }),
    ],
    ['a version that is not being rotated', () => ({ ClientRequestToken: randomUUID() })],
  ])('%s', async (_, changes) => {
    await expect(step('createSecret', changes())).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    await expect(step('createSecret')).resolves.toBeUndefined()
  })

  it.each(['setSecret', 'testSecret', 'finishSecret'] as const)('%s before createSecret', async (name) => {
    await expect(step(name)).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('testSecret while a pending key is not public', async () => {
    await step('createSecret')
    await expect(step('testSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    await step('setSecret')
    await expect(step('testSecret')).resolves.toBeUndefined()
  })

  it('promotion of a ring whose next key was never published', async () => {
    const ring = await firstKeyRing(new Date(0))
    world.secretsManager.put(`${prefix}/signing-key`, ring.signingKey)
    beginAnother()
    await expect(step('createSecret')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
  })

  it('an event that is none, with its field', async () => {
    await expect(rotate({ Step: 'deleteSecret' }, contextWith())).rejects.toMatchObject({
      code: 'EVENT_INVALID',
    })
    expect(world.lines.at(-1)).toMatchObject({ level: 'ERROR', code: 'EVENT_INVALID', field: 'Step' })
  })

  it('and accepts the ARN that Secrets Manager sends', async () => {
    const SecretId = `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${prefix}/signing-key-AbCdEf`
    await expect(step('createSecret', { SecretId })).resolves.toBeUndefined()
  })
})
