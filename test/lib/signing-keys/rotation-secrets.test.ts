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
    expect(await secrets().current()).toEqual({ ...ring, versionId: 'first' })
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
    await secrets().publish(ring.jwks, ring.jwks, 'second')
    expect(vault.writes).toEqual([])
  })

  it('gives the same content of one rotation the same version, and of another rotation another', async () => {
    const fewer = { keys: ring.jwks.keys.slice(1) }
    for (const rotation of ['second', 'second', 'third']) await secrets().publish(fewer, ring.jwks, rotation)
    const [one, again, other] = vault.writes.map(([, versionId]) => versionId)
    expect(one).toBe(again)
    expect(other).not.toBe(one)
    expect(one).toMatch(/^[0-9a-f]{64}$/)
  })

  it('publishes nothing that a reader would refuse', async () => {
    const [key] = ring.jwks.keys
    const twice = { keys: key === undefined ? [] : [key, key] }
    await expect(secrets().publish(twice, ring.jwks, 'second')).rejects.toMatchObject({
      code: 'SECRET_MALFORMED',
    })
    expect(vault.writes).toEqual([])
  })

  it('promotes what is pending, once, and nothing that is not', async () => {
    await expect(secrets().promote('second')).rejects.toMatchObject({ code: 'ROTATION_REFUSED' })
    await secrets().writePending('second', ring.signingKey)
    for (const _ of [1, 2]) await secrets().promote('second')
    expect((await secrets().current()).versionId).toBe('second')
    expect(await secrets().stagesOf('second')).toContain('AWSCURRENT')
    expect(await secrets().stagesOf('third')).toEqual([])
  })
})
