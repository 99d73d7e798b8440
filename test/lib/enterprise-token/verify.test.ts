import { beforeAll, describe, expect, it } from 'vitest'
import { enterpriseTokenVerifier } from '../../../lib/enterprise-token/verify.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import { accessClaims, accessHeader, claims, header, mint, privateKeyOf } from '../../support/mint.ts'
import { ISSUER, TENANT, USER } from '../../support/world.ts'
import {
  AMPLE,
  activeKeyOf,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
} from '../signed-token/fakes.ts'

let ring: KeyRing
beforeAll(async () => {
  ring = await newRing()
})

const JTI = 'jti-jti-jti-jti-1'
const minted = (changes: Record<string, unknown> = {}) => {
  const key = activeKeyOf(ring)
  return mint(header(key.kid), claims({ jti: JTI, ...changes }, NOW_SECONDS), privateKeyOf(key))
}
const asked = async (token: string, changes: object = {}, told: unknown[] = []) => {
  const deps = { secrets: fakeSecrets(ring), directory: fakeDirectory(), issuer: ISSUER, now: () => NOW }
  const question = { token, ...USER, tenantSpaceId: TENANT, ...changes }
  return enterpriseTokenVerifier(deps)(question, AMPLE, (names) => void told.push(names))
}

describe('lib/enterprise-token/verify', () => {
  it('returns for a good token, and tells what names it', async () => {
    const told: unknown[] = []
    await expect(asked(minted(), {}, told)).resolves.toBeUndefined()
    const { kid } = activeKeyOf(ring)
    expect(told).toEqual([{ jti: JTI, kid, tenantSpaceId: TENANT, userId: USER.userId }])
  })

  it('names to the log what the token claims, not what is asked', async () => {
    const told: unknown[] = []
    const elsewhere = asked(minted({ aud: 'urn:cec:2', sub: 'tim' }), {}, told)
    await expect(elsewhere).rejects.toMatchObject({ code: 'TOKEN_TENANT_DIFFERS' })
    expect(told).toMatchObject([{ tenantSpaceId: '2', userId: 'tim' }])
  })

  it.each([
    ['tenant', { tenantSpaceId: '2' }, 'TOKEN_TENANT_DIFFERS'],
    ['user', { userId: 'tim' }, 'TOKEN_USER_DIFFERS'],
    ['name', { userName: 'Tim' }, 'TOKEN_NAME_DIFFERS'],
  ])('refuses a token of another %s than is asked about', async (_, changes, code) => {
    await expect(asked(minted(), changes)).rejects.toMatchObject({ code })
  })

  it.each([
    ['3600 s', 3600, 'passes'],
    ['3601 s', 3601, 'TOKEN_LIFETIME_TOO_LONG'],
  ])('with a life of %s: %s', async (_, seconds, expected) => {
    const verdict = asked(minted({ exp: NOW_SECONDS + seconds })).then(
      () => 'passes',
      ({ code }) => code,
    )
    expect(await verdict).toBe(expected)
  })

  it('refuses an access token by its header', async () => {
    const key = activeKeyOf(ring)
    const token = mint(accessHeader(key.kid), accessClaims(), privateKeyOf(key))
    await expect(asked(token)).rejects.toMatchObject({ code: 'TOKEN_HEADER_UNKNOWN' })
  })
})
