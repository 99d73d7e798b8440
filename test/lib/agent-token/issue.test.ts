import { describe, expect, it } from 'vitest'
import { agentTokenIssuer } from '../../../lib/agent-token/issue.ts'
import {
  ADMITTED,
  AMPLE,
  fakeDirectory,
  fakeSecrets,
  NOW,
  NOW_SECONDS,
  newRing,
} from '../signed-token/fakes.ts'
import { JTI } from './tokens.ts'

const issued = async (admitted: object = {}) => {
  const directory = fakeDirectory({ ...ADMITTED, user: undefined, ...admitted })
  const issue = agentTokenIssuer({
    secrets: fakeSecrets(await newRing()),
    directory,
    issuer: 'https://stage.invalid',
    lifetimeSeconds: 300,
    now: () => NOW,
    newId: () => JTI,
  })
  const { token } = await issue({ userAccount: 'a101', tenantSpaceId: '1' }, AMPLE)
  const [head, claims] = token
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  return { head, claims, asked: directory.asked }
}

describe('lib/agent-token/issue', () => {
  it('makes a token of exactly these claims, for an agent that nobody has entered', async () => {
    const { head, claims, asked } = await issued()
    expect(head.typ).toBe('cec-agent+jwt')
    expect(claims).toEqual({
      iss: 'https://stage.invalid',
      aud: 'urn:cec-agent:1',
      sub: 'a101',
      jti: JTI,
      ver: '0.0',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 300,
    })
    expect(asked).toEqual([{ kind: 'agent', tenantSpaceId: '1', userId: 'a101', kid: head.kid }])
  })

  it('carries the epochs of tenant and agent', async () => {
    expect((await issued({ tenantEpoch: 4, agentEpoch: 2 })).claims.ver).toBe('4.2')
  })

  it('signs with no revoked key', async () => {
    await expect(issued({ isKeyRevoked: true })).rejects.toMatchObject({ code: 'KEY_REVOKED' })
  })
})
