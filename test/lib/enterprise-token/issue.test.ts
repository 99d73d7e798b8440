import { describe, expect, it } from 'vitest'
import { enterpriseTokenIssuer } from '../../../lib/enterprise-token/issue.ts'
import {
  AMPLE,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
  unlimited,
} from '../signed-token/fakes.ts'

const TOM = { tenantSpaceId: '1', userId: 'tom', userName: 'Tom' }

const issuer = async () =>
  enterpriseTokenIssuer({
    secrets: fakeSecrets(await newRing()),
    directory: fakeDirectory(),
    directoryMode: 'table',
    justInTimeDays: 0,
    limit: unlimited,
    issuer: 'https://stage.invalid',
    lifetimeSeconds: 300,
    now: () => NOW,
    newId: () => 'jti-jti-jti-jti-1',
  })

describe('lib/enterprise-token/issue', () => {
  it('makes a token for one tenant, of the documented claims and no others', async () => {
    const { token } = await (await issuer())(TOM, { scopes: [] }, AMPLE)
    const [head, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(head ?? '')).toMatchObject({ typ: 'cec-enterprise+jwt' })
    expect(JSON.parse(claims ?? '')).toEqual({
      iss: 'https://stage.invalid',
      aud: 'urn:cec:1',
      sub: 'tom',
      name: 'Tom',
      jti: 'jti-jti-jti-jti-1',
      ver: '0.0',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 300,
    })
  })

  it('makes none under another name than the directory’s', async () => {
    const tim = { ...TOM, userName: 'Tim' }
    await expect((await issuer())(tim, { scopes: [] }, AMPLE)).rejects.toMatchObject({
      code: 'USER_NAME_DIFFERS',
    })
  })
})
