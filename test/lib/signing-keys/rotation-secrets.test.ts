import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SecretSourceError } from '../../../lib/secrets/source.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { rotationSecrets } from '../../../lib/signing-keys/rotation-secrets.ts'
import { newRing } from '../signed-token/fakes.ts'
import { type FakeVault, fakeVault } from './fake-vault.ts'

let ring: KeyRing
let vault: FakeVault
beforeAll(async () => {
  ring = await newRing()
})
beforeEach(() => {
  vault = fakeVault({ 'stage/signing-key': ring.signingKey, 'stage/jwks': ring.jwks })
})
const secrets = () => rotationSecrets(vault, 'stage')

describe('lib/signing-keys/rotation-secrets: reading', () => {
  it('gives both secrets in force, and the version of the private one', async () => {
    expect(await secrets().current()).toEqual({
      ...ring,
      versionId: 'first',
      published: { versionId: 'first', value: ring.jwks },
      former: undefined,
      isEmptied: false,
    })
  })

  it('refuses a value of another shape, and says in which secret', async () => {
    vault = fakeVault({ 'stage/signing-key': { keys: 'none' }, 'stage/jwks': ring.jwks })
    await expect(secrets().current()).rejects.toMatchObject({
      code: 'SECRET_MALFORMED',
      detail: { secret: 'stage/signing-key', field: 'keys' },
    })
  })

  it('knows what is pending for one version alone', async () => {
    expect(await secrets().pending('second')).toBeUndefined()
    await secrets().writePending('second', ring.signingKey)
    expect(await secrets().pending('second')).toEqual(ring.signingKey)
    expect(await secrets().pending('third')).toBeUndefined()
  })

  it('takes no outage for an empty stage', async () => {
    const failing = {
      ...vault,
      read: () => Promise.reject(new SecretSourceError('transient', 'InternalServiceError')),
    }
    await expect(rotationSecrets(failing, 'stage').pending('second')).rejects.toMatchObject({
      reason: 'InternalServiceError',
    })
  })
})

describe('lib/signing-keys/rotation-secrets: writing', () => {
  it('publishes nothing that is in force already', async () => {
    await secrets().publish(ring.jwks, await secrets().current(), 'second')
    expect(vault.writes).toEqual([])
  })

  it('gives the same content of one rotation the same version, and of another rotation another', async () => {
    const written: FakeVault['writes'] = []
    const fewer = { keys: ring.jwks.keys.slice(1) }
    const read = await secrets().current()
    for (const rotation of ['second', 'second', 'third']) {
      vault = fakeVault({ 'stage/signing-key': ring.signingKey, 'stage/jwks': ring.jwks })
      await secrets().publish(fewer, read, rotation)
      written.push(...vault.writes)
    }
    const [one, again, other] = written.map(([, versionId]) => versionId)
    expect(one).toBe(again)
    expect(other).not.toBe(one)
    expect(one).toMatch(/^[0-9a-f]{64}$/)
  })

  it('publishes nothing that a reader would refuse', async () => {
    const [key] = ring.jwks.keys
    const twice = { keys: key === undefined ? [] : [key, key] }
    await expect(secrets().publish(twice, await secrets().current(), 'second')).rejects.toMatchObject({
      code: 'SECRET_MALFORMED',
    })
    expect(vault.writes).toEqual([])
  })

  it('publishes over the version that was read, and over no other', async () => {
    const fewer = { keys: ring.jwks.keys.slice(1) }
    const read = await secrets().current()
    vault.putByHand('stage/jwks', { keys: [] })
    await expect(secrets().publish(fewer, read, 'second')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    expect(vault.valueOf('stage/jwks', 'AWSCURRENT')).toEqual({ keys: [] })
    await secrets().publish(fewer, await secrets().current(), 'second')
    expect(vault.valueOf('stage/jwks', 'AWSCURRENT')).toEqual(fewer)
  })

  it('publishes what an older version held, after it was rolled back', async () => {
    const fewer = { keys: ring.jwks.keys.slice(1) }
    await secrets().publish(fewer, await secrets().current(), 'second')
    vault.restore('stage/jwks', 'first')
    await secrets().publish(fewer, await secrets().current(), 'second')
    expect(vault.valueOf('stage/jwks', 'AWSCURRENT')).toEqual(fewer)
  })

  it('promotes what is pending over the version that was read, and over no other', async () => {
    await secrets().writePending('second', ring.signingKey)
    const read = await secrets().current()
    vault.putByHand('stage/signing-key', { keys: [] })
    await expect(secrets().promote('second', read)).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    await secrets().promote('second', await secrets().current())
    expect((await secrets().current()).versionId).toBe('second')
    expect(await secrets().stagesOf('second')).toContain('AWSCURRENT')
    expect(await secrets().stagesOf('third')).toEqual([])
  })

  it('takes the published keys of before where somebody has emptied the set, and writes them again', async () => {
    vault.putByHand('stage/jwks', { keys: [] })
    const read = await secrets().current()
    expect([read.jwks, read.isEmptied]).toEqual([ring.jwks, true])
    await secrets().publish(read.jwks, read, 'second')
    expect(vault.valueOf('stage/jwks', 'AWSCURRENT')).toEqual(ring.jwks)
  })

  it('knows the ring that was in force before, also one that cannot be used', async () => {
    await secrets().writePending('second', { keys: [] })
    await secrets().promote('second', await secrets().current())
    expect((await secrets().current()).former).toEqual(ring.signingKey)
    vault.putByHand('stage/signing-key', { keys: 'none' })
    vault.putByHand('stage/signing-key', ring.signingKey)
    expect((await secrets().current()).former).toEqual({ keys: [] })
  })
})
