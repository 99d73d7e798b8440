import { describe, expect, it } from 'vitest'
import type { UserChange } from '../../../lib/schemas/users.ts'
import { userWriter } from '../../../lib/users/write.ts'
import { AMPLE } from '../signed-token/fakes.ts'

const written = async (change: UserChange) => {
  const calls: unknown[] = []
  const directory = {
    putUser: async (user: object) => void calls.push(['put', user]),
    deleteUser: async (user: object) => void calls.push(['delete', user]),
  }
  await userWriter({ directory, lastToken: async () => 1_800_003_640 })(
    { ...change, tenantSpaceId: '1' },
    AMPLE,
  )
  return calls
}

describe('lib/users/write', () => {
  it.each(['active', 'disabled'] as const)('writes a user as %s', async (status) => {
    const user = { userId: 'tom', userName: 'Tom', status }
    expect(await written(user)).toEqual([['put', { tenantSpaceId: '1', ...user }]])
  })

  it('deletes a user, and keeps the epoch until its last token is dead', async () => {
    expect(await written({ userId: 'tom', status: 'deleted' })).toEqual([
      ['delete', { tenantSpaceId: '1', userId: 'tom', keepUntil: 1_800_003_640 }],
    ])
  })
})
