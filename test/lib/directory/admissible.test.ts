import { describe, expect, it } from 'vitest'
import { assertAdmissible, isAdmissible } from '../../../lib/directory/admissible.ts'
import type { DirectoryUser } from '../../../lib/directory/directory.ts'

const TOM = { userName: 'Tom' }
const known = (changes: Partial<DirectoryUser> = {}) => ({
  user: { userName: 'Tom', status: 'active', epoch: 0, ...changes } as const,
})

describe('lib/directory/admissible', () => {
  it('lets an active user in under the directory’s name', () => {
    expect(isAdmissible(known(), TOM)).toBe(true)
    expect(() => assertAdmissible(known(), TOM)).not.toThrow()
  })

  it.each([
    ['nobody', { user: undefined }, 'USER_UNKNOWN', 'userId'],
    ['a tombstone', known({ status: 'deleted' }), 'USER_UNKNOWN', 'userId'],
    ['a disabled user', known({ status: 'disabled' }), 'USER_DISABLED', 'userId'],
    [
      'a disabled user of another name',
      known({ status: 'disabled', userName: 'Tim' }),
      'USER_DISABLED',
      'userId',
    ],
    ['a user of another name', known({ userName: 'Tim' }), 'USER_NAME_DIFFERS', 'userName'],
    ['a name in other case', known({ userName: 'tom' }), 'USER_NAME_DIFFERS', 'userName'],
    [
      'a just-in-time user of another name',
      known({ userName: 'Tim', justInTime: true }),
      'USER_NAME_DIFFERS',
      'userName',
    ],
  ])('refuses %s', (_, admission, code, field) => {
    expect(isAdmissible(admission, TOM)).toBe(false)
    expect(() => assertAdmissible(admission, TOM)).toThrow(
      expect.objectContaining({ code, detail: { field } }),
    )
  })
})
