import { describe, expect, it } from 'vitest'
import { type Principal, requireUser, requireUserName, tenantOf, userOf } from '../../../lib/http/callers.ts'

const backEnd: Principal = { callerId: 'shop', tenants: ['t1'], scopes: [], expiresAt: 0 }

describe('lib/http/callers: requireUser', () => {
  it('lets a back end speak for any of its users', () => {
    expect(() => requireUser(backEnd, 'anybody', 'userId')).not.toThrow()
  })

  it('lets a caller that is bound to a user speak for that user alone', () => {
    const user = { ...backEnd, userId: 'tom' }
    expect(() => requireUser(user, 'tom', 'userId')).not.toThrow()
    expect(() => requireUser(user, 'Tom', 'userId')).toThrow(
      expect.objectContaining({
        code: 'USER_FORBIDDEN',
        message: 'userId: expected the user of this caller',
      }),
    )
  })
})

describe('lib/http/callers: tenantOf', () => {
  it.each([
    [['t1'], undefined, 't1'],
    [['t1'], 't1', 't1'],
    [['t1', 't2'], 't2', 't2'],
  ])('of %j, named %s, is %s', (tenants, named, expected) => {
    expect(tenantOf({ ...backEnd, tenants }, named)).toBe(expected)
  })

  it.each([
    [['t1'], 't2', 'TENANT_FORBIDDEN'],
    [['t1', 't2'], undefined, 'TENANT_UNNAMED'],
    [[], undefined, 'TENANT_UNNAMED'],
    [['t1'], 't1,t1', 'TENANT_FORBIDDEN'],
  ])('of %j, named %s, throws %s', (tenants, named, code) => {
    expect(() => tenantOf({ ...backEnd, tenants }, named)).toThrow(expect.objectContaining({ code }))
  })
})
