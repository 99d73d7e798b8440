import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { liveUserId } from '../../../../lib/vendors/live/user-id.ts'

describe('lib/vendors/live/user-id', () => {
  it.each(['a', 'tom.1', 'under_score', '0'.repeat(32)])('takes %s as it is', (userId) => {
    expect(liveUserId(userId, { userId: 'as-is' })).toBe(userId)
  })

  it.each(['', 'Tom', 'tom-1', 'tom 1', 'töm', '0'.repeat(33)])('refuses %j as it is', (userId) => {
    expect(() => liveUserId(userId, { userId: 'as-is' })).toThrow(
      expect.objectContaining({ code: 'BODY_INVALID', detail: { field: 'UserId' } }),
    )
  })

  it.each(['tom.1', 'Tom', 'töm'])('derives 32 digits from %s where the settings say so', (userId) => {
    const derived = liveUserId(userId, { userId: 'sha256-32' })
    expect(derived).toBe(createHash('sha256').update(userId, 'utf8').digest('hex').slice(0, 32))
    expect(liveUserId(derived, { userId: 'as-is' })).toBe(derived)
  })
})
