import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCESS_TOKEN_TYPE, headerSegment, TOKEN_TYPE } from '../../../lib/jwt/format.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { publishedJwks, verificationKeys } from '../../../lib/signing-keys/verification-keys.ts'
import { AMPLE, type FakeSecrets, fakeSecrets, NOW, NOW_SECONDS, newRing } from '../signed-token/fakes.ts'

let ring: KeyRing
let secrets: FakeSecrets
beforeAll(async () => {
  ring = await newRing()
})
beforeEach(() => {
  secrets = fakeSecrets(ring)
})

describe('lib/signing-keys/verification-keys: finding', () => {
  it('finds each key by the one header that it makes of a kind', () => {
    for (const { kid } of ring.jwks.keys) {
      for (const typ of [TOKEN_TYPE, ACCESS_TOKEN_TYPE] as const)
        expect(verificationKeys(ring.jwks, typ).get(headerSegment(kid, typ))?.kid).toBe(kid)
    }
  })

  it('finds nothing by a header of the other kind, or of another form', () => {
    const [kid = ''] = ring.jwks.keys.map((key) => key.kid)
    const keys = verificationKeys(ring.jwks, TOKEN_TYPE)
    const encoded = (head: object) => Buffer.from(JSON.stringify(head)).toString('base64url')
    for (const header of [
      headerSegment(kid, ACCESS_TOKEN_TYPE),
      encoded({ kid, alg: 'ES256', typ: TOKEN_TYPE }),
      encoded({ alg: 'ES256', kid, typ: TOKEN_TYPE, crit: [] }),
      kid,
      '',
      '__proto__',
    ])
      expect(keys.get(header)).toBeUndefined()
  })

  it('is made once of a version of the secret, and its keys are imported once', async () => {
    expect(verificationKeys(ring.jwks, TOKEN_TYPE)).toBe(verificationKeys(ring.jwks, TOKEN_TYPE))
    expect(verificationKeys({ ...ring.jwks }, TOKEN_TYPE)).not.toBe(verificationKeys(ring.jwks, TOKEN_TYPE))
    const [key] = verificationKeys(ring.jwks, TOKEN_TYPE).values()
    expect(await key?.publicKey()).toBe(await key?.publicKey())
  })
})

describe('lib/signing-keys/verification-keys: the published set', () => {
  const publishedAt = (now: Date) => publishedJwks({ secrets, now: () => now }, AMPLE)

  it('has public members alone, of keys to come also', async () => {
    const keys = ring.jwks.keys.map(({ kty, crv, x, y, kid }) => ({
      kty,
      crv,
      x,
      y,
      kid,
      alg: 'ES256',
      use: 'sig',
    }))
    expect(await publishedAt(NOW)).toEqual({ keys })
    expect(secrets.reads).toEqual([['jwks', false]])
  })

  it('has a retired key until its end', async () => {
    const verifyUntil = NOW_SECONDS + 60
    secrets.values = { jwks: { keys: ring.jwks.keys.map((key) => ({ ...key, verifyUntil })) } }
    expect(await publishedAt(new Date(verifyUntil * 1000 - 1))).toMatchObject({ keys: [{}, {}] })
    expect(await publishedAt(new Date(verifyUntil * 1000))).toEqual({ keys: [] })
  })

  it('is not served empty, where a cache would keep it, but looked for once more', async () => {
    secrets.values = { jwks: { keys: [] } }
    await expect(publishedAt(NOW)).rejects.toMatchObject({ code: 'KEYS_NOT_INITIALISED' })
    expect(secrets.reads).toEqual([
      ['jwks', false],
      ['jwks', true],
    ])
    secrets.newer = { jwks: ring.jwks }
    expect(await publishedAt(NOW)).toMatchObject({ keys: [{}, {}] })
  })
})
