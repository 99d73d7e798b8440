import { describe, expect, it } from 'vitest'
import {
  agentKey,
  copiesOf,
  revokedKeyKey,
  revokedTokenKey,
  tenantKey,
  userKey,
} from '../../../../lib/directory/items.ts'
import { lengthPrefixed } from '../../../../lib/schemas/length-prefixed.ts'
import { isOfDirectory } from '../../../../tools/operator/restore/pk.ts'

describe('tools/operator/restore/pk: isOfDirectory', () => {
  it('knows every kind of item that the directory has', () => {
    const keys = [
      ...[userKey('T', 'u'), agentKey('T', 'a'), tenantKey('T'), revokedTokenKey('T', 'j')],
      ...copiesOf(revokedKeyKey('a-key')),
    ]
    expect(keys.filter((pk) => !isOfDirectory(pk))).toEqual([])
  })

  it.each([
    lengthPrefixed('cec', 'token', 'T', 'f'),
    'shop',
    lengthPrefixed('user', 'T'),
    lengthPrefixed('toString', 'T'),
    undefined,
  ])('does not take %j for one', (pk) => {
    expect(isOfDirectory(pk)).toBe(false)
  })
})
