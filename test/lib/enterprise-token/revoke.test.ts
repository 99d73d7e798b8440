import { describe, expect, it } from 'vitest'
import { type Revocation, revocations } from '../../../lib/enterprise-token/revoke.ts'
import { AMPLE, NOW, NOW_SECONDS } from '../signed-token/fakes.ts'

/** The longest request, a token's longest life, and twice the tolerance of clocks: literal, as docs/reference/settings.md has them. */
const KEPT_SECONDS = 30 + 3600 + 10

const written = async (revocation: Revocation, now = NOW) => {
  const calls: unknown[] = []
  const note = (name: string) => async (what: unknown) => void calls.push([name, what])
  const directory = {
    revokeUser: note('user'),
    revokeAgent: note('agent'),
    revokeTenant: note('tenant'),
    revokeToken: note('token'),
  }
  await revocations({ directory, now: () => now })(revocation, AMPLE)
  return calls
}

describe('lib/enterprise-token/revoke', () => {
  it('ends all tokens of a user', async () => {
    const user = { tenantSpaceId: '1', userId: 'tom' }
    expect(await written(user)).toEqual([['user', user]])
  })

  it('ends all tokens of an agent, and of no user of that id', async () => {
    const agent = { tenantSpaceId: '1', userAccount: 'tom' }
    expect(await written(agent)).toEqual([['agent', agent]])
  })

  it('ends all tokens of a tenant', async () => {
    expect(await written({ tenantSpaceId: '1', all: true })).toEqual([['tenant', '1']])
  })

  it('ends one token, and is kept until no token of that id can be alive', async () => {
    const jti = 'jti-jti-jti-jti-1'
    const keepUntil = NOW_SECONDS + KEPT_SECONDS
    expect(await written({ tenantSpaceId: '1', jti })).toEqual([
      ['token', { tenantSpaceId: '1', jti, keepUntil }],
    ])
    const aMomentLater = new Date(NOW.getTime() + 1)
    expect(await written({ tenantSpaceId: '1', jti }, aMomentLater)).toEqual([
      ['token', { tenantSpaceId: '1', jti, keepUntil: keepUntil + 1 }],
    ])
  })
})
