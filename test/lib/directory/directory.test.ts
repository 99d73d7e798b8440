import { describe, expect, it } from 'vitest'
import { versionOf } from '../../../lib/directory/directory.ts'

const NOTHING_REVOKED = { isTokenRevoked: false, isKeyRevoked: false }

describe('lib/directory/directory: the version of a token', () => {
  it('is the epoch of the tenant, then that of the user', () => {
    const user = { userName: 'Tom', status: 'active', epoch: 3 } as const
    expect(versionOf({ user, tenantEpoch: 12, ...NOTHING_REVOKED })).toBe('12.3')
  })

  it('counts a user who is not there as epoch 0', () => {
    expect(versionOf({ user: undefined, tenantEpoch: 1, ...NOTHING_REVOKED })).toBe('1.0')
  })
})
