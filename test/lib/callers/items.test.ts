import { describe, expect, it } from 'vitest'
import { issuerItemKey, itemKeysOf, keyItemKey, shownKey } from '../../../lib/callers/items.ts'
import { Caller } from '../../../lib/schemas/taken-callers.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

describe('lib/callers/items', () => {
  it('names an item by the hash of its key or of its issuer', () => {
    expect(keyItemKey(A)).toBe(`key#${A}`)
    expect(issuerItemKey('https://idp.example.com')).toMatch(/^issuer#[0-9a-f]{64}$/)
    expect(issuerItemKey('https://idp.example.com/')).not.toBe(issuerItemKey('https://idp.example.com'))
  })

  it('puts a caller with two keys into two items', () => {
    const keys = [A, B].map((sha256) => ({ sha256, expiresAt: 1_900_000_000 }))
    const entry = Caller.parse({ callerId: 'shop', keys, tenants: ['T-1'], scopes: [] })
    expect(itemKeysOf(entry)).toEqual([`key#${A}`, `key#${B}`])
  })

  it('shows as much of a name as it takes to find it', () => {
    expect(shownKey(keyItemKey(A))).toBe(`key#${A.slice(0, 12)}`)
  })
})
