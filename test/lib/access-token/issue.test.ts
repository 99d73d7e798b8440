import { describe, expect, it } from 'vitest'
import { accessTokenIssuer } from '../../../lib/access-token/issue.ts'
import type { AccessTokenRequest } from '../../../lib/schemas/access-token.ts'
import {
  AMPLE,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
  unlimited,
} from '../signed-token/fakes.ts'

const REQUEST: AccessTokenRequest = {
  tenantSpaceId: '1',
  userId: 'tom',
  userName: 'Tom',
  scopes: ['chat:relay', 'chat-token:issue'],
}
const SHOP = {
  callerId: 'shop',
  scopes: ['access-token:issue', 'chat-token:issue', 'chat:relay'],
  expiresAt: NOW_SECONDS + 86_400,
}

const issued = async (changes: Partial<AccessTokenRequest> = {}, client = SHOP) => {
  const issue = accessTokenIssuer({
    secrets: fakeSecrets(await newRing()),
    directory: fakeDirectory(),
    directoryMode: 'table',
    justInTimeDays: 0,
    limit: unlimited,
    issuer: 'https://stage.invalid',
    lifetimeSeconds: 900,
    now: () => NOW,
    newId: () => 'jti-jti-jti-jti-1',
  })
  return issue({ ...REQUEST, ...changes }, client, AMPLE)
}

describe('lib/access-token/issue', () => {
  it('makes a token for this stage’s routes, of the documented claims and no others', async () => {
    const { token } = await issued()
    const [head, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(head ?? '')).toMatchObject({ typ: 'at+jwt' })
    expect(JSON.parse(claims ?? '')).toEqual({
      iss: 'https://stage.invalid',
      aud: 'https://stage.invalid/upstream',
      sub: 'tom',
      name: 'Tom',
      tenantSpaceId: '1',
      scope: 'chat:relay chat-token:issue',
      client_id: 'shop',
      jti: 'jti-jti-jti-jti-1',
      ver: '0.0',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 900,
    })
  })

  it('names the channels that its user may enter', async () => {
    const scopes = ['rtc-token:issue'] as const
    const { token } = await issued(
      { scopes: [...scopes], rtcChannelIds: ['room-1'] },
      { ...SHOP, scopes: [...scopes] },
    )
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ scope: 'rtc-token:issue', rtcChannelIds: ['room-1'] })
  })

  it('gives no scope that the caller has not itself', async () => {
    await expect(issued({ scopes: ['chat:relay', 'live-token:issue'] })).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
      detail: { field: 'scopes' },
    })
    const all = { ...SHOP, scopes: [...SHOP.scopes, 'live-token:issue'] }
    await expect(issued({ scopes: ['chat:relay', 'live-token:issue'] }, all)).resolves.toBeDefined()
  })

  it('ends with the caller’s own credential', async () => {
    expect((await issued({}, { ...SHOP, expiresAt: NOW_SECONDS + 77 })).lifetimeSeconds).toBe(77)
    await expect(issued({}, { ...SHOP, expiresAt: NOW_SECONDS })).rejects.toMatchObject({
      code: 'CALLER_EXPIRED',
    })
  })
})
