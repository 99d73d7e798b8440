import { beforeAll, describe, expect, it } from 'vitest'
import { ACCESS_TOKEN_TYPE, TOKEN_TYPE } from '../../../lib/jwt/format.ts'
import { signedTokenIssuer, type UserTokenOrder } from '../../../lib/signed-token/issue.ts'
import type { KeyRing } from '../../../lib/signing-keys/key-ring.ts'
import {
  ADMITTED,
  AMPLE,
  activeKeyOf,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
  unlimited,
} from './fakes.ts'

const ORDER: UserTokenOrder = {
  user: { tenantSpaceId: '1', userId: 'tom', userName: 'Tom' },
  audience: 'urn:cec:1',
  requester: { scopes: [] },
}
const LIFETIME_SECONDS = 300
const JTI = 'jti-jti-jti-jti-1'

let ring: KeyRing
beforeAll(async () => {
  ring = await newRing()
})

const issued = (
  changes: Partial<UserTokenOrder> = {},
  typ: typeof TOKEN_TYPE | typeof ACCESS_TOKEN_TYPE = TOKEN_TYPE,
) =>
  signedTokenIssuer(
    {
      secrets: fakeSecrets(ring),
      directory: fakeDirectory({ ...ADMITTED, tenantEpoch: 4 }),
      directoryMode: 'table',
      justInTimeDays: 0,
      limit: unlimited,
      issuer: 'https://stage.invalid',
      lifetimeSeconds: LIFETIME_SECONDS,
      // half a second is cut off: what ends does not end later than it says
      now: () => new Date(NOW.getTime() + 500),
      newId: () => JTI,
    },
    typ,
  )({ ...ORDER, ...changes }, AMPLE)
const partsOf = (token: string) =>
  token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))

describe('lib/signed-token/issue', () => {
  it('makes a token of exactly these claims, in this order', async () => {
    const { token, ...rest } = await issued({ ownClaims: { scope: 'x' } })
    const [head, claims] = partsOf(token)
    const { kid } = activeKeyOf(ring)
    expect(head).toEqual({ alg: 'ES256', kid, typ: TOKEN_TYPE })
    expect(Object.entries(claims)).toEqual([
      ['iss', 'https://stage.invalid'],
      ['aud', 'urn:cec:1'],
      ['sub', 'tom'],
      ['name', 'Tom'],
      ['scope', 'x'],
      ['jti', JTI],
      ['ver', '4.0'],
      ['iat', NOW_SECONDS],
      ['exp', NOW_SECONDS + LIFETIME_SECONDS],
    ])
    const expiresAt = new Date((NOW_SECONDS + LIFETIME_SECONDS) * 1000)
    expect(rest).toEqual({ expiresAt, lifetimeSeconds: LIFETIME_SECONDS, jti: JTI, kid })
  })

  it('marks it by its kind', async () => {
    const [head] = partsOf((await issued({}, ACCESS_TOKEN_TYPE)).token)
    expect(head.typ).toBe(ACCESS_TOKEN_TYPE)
  })

  it('lets it outlive nothing that it must end by', async () => {
    expect((await issued({ endsBy: NOW_SECONDS + 77 })).lifetimeSeconds).toBe(77)
    expect((await issued({ endsBy: NOW_SECONDS + 1_000 })).lifetimeSeconds).toBe(LIFETIME_SECONDS)
  })

  it('makes none that would be dead already', async () => {
    await expect(issued({ endsBy: NOW_SECONDS })).rejects.toMatchObject({ code: 'CALLER_EXPIRED' })
    expect((await issued({ endsBy: NOW_SECONDS + 1 })).lifetimeSeconds).toBe(1)
  })

  it('makes none for a user who may have none', async () => {
    const user = { ...ORDER.user, userName: 'Tim' }
    await expect(issued({ user })).rejects.toMatchObject({ code: 'USER_NAME_DIFFERS' })
  })
})
