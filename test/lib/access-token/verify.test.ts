import { beforeAll, describe, expect, it } from 'vitest'
import { accessTokenVerifier } from '../../../lib/access-token/verify.ts'
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

const EXPIRES_AT = NOW_SECONDS + 300
const minted = (changes: Record<string, unknown> = {}) => {
  const key = activeKeyOf(ring)
  const all = accessClaims({ jti: 'jti-jti-jti-jti-1', iat: NOW_SECONDS, exp: EXPIRES_AT, ...changes })
  return mint(accessHeader(key.kid), all, privateKeyOf(key))
}
const holderOf = (token: string, told: unknown[] = []) => {
  const deps = { secrets: fakeSecrets(ring), directory: fakeDirectory(), issuer: ISSUER, now: () => NOW }
  return accessTokenVerifier(deps)(token, AMPLE, (names) => void told.push(names))
}

describe('lib/access-token/verify', () => {
  it('gives whom a good token stands for, and tells what names it', async () => {
    const told: unknown[] = []
    expect(await holderOf(minted(), told)).toEqual({
      ...USER,
      tenantSpaceId: TENANT,
      scopes: ['chat-token:issue', 'chat:relay', 'live-token:issue'],
      callerId: 'shop',
      expiresAt: EXPIRES_AT,
    })
    const { kid } = activeKeyOf(ring)
    expect(told).toEqual([
      { jti: 'jti-jti-jti-jti-1', kid, tenantSpaceId: TENANT, userId: USER.userId, callerId: 'shop' },
    ])
  })

  it.each([
    ['for another audience', { aud: ISSUER }, 'ACCESS_TOKEN_AUDIENCE_WRONG'],
    ['with the audience of an enterprise token', { aud: `urn:cec:${TENANT}` }, 'ACCESS_TOKEN_AUDIENCE_WRONG'],
    ['with a life of 901 s', { exp: NOW_SECONDS + 901 }, 'ACCESS_TOKEN_LIFETIME_TOO_LONG'],
    ['with a scope that no page has', { scope: 'users:write' }, 'ACCESS_TOKEN_CLAIMS_INVALID'],
    ['with a scope twice', { scope: 'chat:relay chat:relay' }, 'ACCESS_TOKEN_CLAIMS_INVALID'],
    ['with no client', { client_id: undefined }, 'ACCESS_TOKEN_CLAIMS_INVALID'],
  ])('refuses one %s', async (_, changes, code) => {
    await expect(holderOf(minted(changes))).rejects.toMatchObject({ code })
  })

  it('takes one with a life of 900 s, and with one scope', async () => {
    const longest = minted({ exp: NOW_SECONDS + 900, scope: 'chat:relay' })
    expect(await holderOf(longest)).toMatchObject({ scopes: ['chat:relay'], expiresAt: NOW_SECONDS + 900 })
  })

  it('refuses an enterprise token by its header', async () => {
    const key = activeKeyOf(ring)
    const token = mint(header(key.kid), claims({}, NOW_SECONDS), privateKeyOf(key))
    await expect(holderOf(token)).rejects.toMatchObject({ code: 'ACCESS_TOKEN_HEADER_UNKNOWN' })
  })
})
