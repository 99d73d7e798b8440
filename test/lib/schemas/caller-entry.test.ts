import { describe, expect, it } from 'vitest'
import { callerId, scopes, tenantSpaceId } from '../../../lib/schemas/caller-entry.ts'
import { faultsIn } from '../../support/schemas.ts'

describe('lib/schemas/caller-entry', () => {
  it.each([
    ['a callerId', callerId, ['shop', 'shop.v2_a-b', 'a'.repeat(64)]],
    ['a tenant', tenantSpaceId, ['202007159031', 'T_2-b', 'a'.repeat(64)]],
    ['scopes', scopes, [[], ['chat:relay'], ['unknown:scope']]],
  ])('takes %s', (_, schema, good) => {
    for (const value of good) expect(faultsIn(schema, value)).toBe('none')
  })

  it.each([
    ['a callerId', callerId, ['', 'a b', 'a/b', 'a'.repeat(65), undefined]],
    ['a tenant', tenantSpaceId, ['', '*', '../x', 'a.b', 'a'.repeat(65), undefined]],
    ['scopes', scopes, ['chat:relay', ['Chat:Relay'], [''], undefined]],
  ])('refuses as %s what could be taken for something else', (_, schema, bad) => {
    for (const value of bad) expect(faultsIn(schema, value)).not.toBe('none')
  })
})
