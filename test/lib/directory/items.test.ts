import { describe, expect, it } from 'vitest'
import { agentKey, PresentUser, subjectKey, userItem, userKey } from '../../../lib/directory/items.ts'

describe('lib/directory/items', () => {
  it('gives different subjects different keys, whatever characters they hold', () => {
    const tricky = ['', '1:', 'a', '1:a', 'a1:b', '4:user', 'user']
    const keys = tricky.flatMap((a) => tricky.map((b) => userKey(a, b)))
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('gives a user and an agent of one id different keys', () => {
    expect(agentKey('1', 'tom')).not.toBe(userKey('1', 'tom'))
    const tom = { tenantSpaceId: '1', userId: 'tom' }
    expect(subjectKey('agent', tom)).toBe(agentKey('1', 'tom'))
    expect(subjectKey('user', tom)).toBe(userKey('1', 'tom'))
  })

  it('reads back the item of a user', () => {
    const user = { tenantSpaceId: '1', userId: 'tom', userName: 'Tom', status: 'active', epoch: 0 } as const
    expect(PresentUser.parse(userItem(user))).toEqual({ pk: userKey('1', 'tom'), kind: 'user', ...user })
  })
})
