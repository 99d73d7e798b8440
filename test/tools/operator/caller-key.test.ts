import { describe, expect, it } from 'vitest'
import { newCaller } from '../../../tools/operator/caller-key.ts'
import { secret } from '../../support/canary.ts'
import { sha256 } from '../../support/world.ts'

describe('tools/operator/caller-key', () => {
  it('makes a key of 256 bits and an entry with its hash alone', () => {
    const { key, caller } = newCaller({ callerId: 'shop', tenants: ['202007159031'] }, new Date(0))
    secret('caller key', key)
    expect(key).toMatch(/^ctb_[A-Za-z0-9_-]{43}$/)
    expect(caller).toEqual({
      callerId: 'shop',
      keys: [{ sha256: sha256(key), expiresAt: 31_536_000 }],
      tenants: ['202007159031'],
      scopes: ['enterprise-token:issue'],
    })
  })

  it('says what is expected of a name that is none', () => {
    expect(() => newCaller({ callerId: 'a b', tenants: [] }, new Date())).toThrow(
      '<callerId>: expected 1 to 64 letters, digits, dots, underscores or hyphens; <tenantSpaceId>: expected at least one tenant',
    )
  })
})
