import { describe, expect, it } from 'vitest'
import { TokenStoreKeySecret } from '../../../lib/schemas/token-store-key.ts'
import { faultsIn } from '../../support/schemas.ts'

describe('lib/schemas/token-store-key', () => {
  it.each([43, 256])('takes a key of %i letters and digits', (length) => {
    expect(faultsIn(TokenStoreKeySecret, { key: 'aZ9'.repeat(100).slice(0, length) })).toBe('none')
  })

  it.each([
    ['42 characters', 'a'.repeat(42)],
    ['257 characters', 'a'.repeat(257)],
    ['a sign', `${'a'.repeat(43)}-`],
    ['nothing', undefined],
  ])('refuses a key of %s', (_, key) => {
    expect(faultsIn(TokenStoreKeySecret, { key })).toBe('key: expected 43 to 256 letters and digits')
  })
})
