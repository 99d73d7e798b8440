import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { isUnreadable, whenUnreadable } from '../../../lib/table/unreadable.ts'

const UNREADABLE = [
  'TOKEN_STORE_UNAVAILABLE',
  'SECRET_UNAVAILABLE',
  'SECRET_KMS_REFUSED',
  'SECRET_MALFORMED',
] as const
const OTHERS = [new BridgeError('UPSTREAM_UNAVAILABLE', 'failed'), new TypeError('a mistake'), undefined]

describe('lib/table/unreadable', () => {
  it.each(UNREADABLE)('is a table that fails with %s, and something else is given in its place', (code) => {
    const error = new BridgeError(code, 'failed')
    expect(isUnreadable(error)).toBe(true)
    expect(whenUnreadable(() => 'instead')(error)).toBe('instead')
  })

  it.each(OTHERS)('is not one that fails with %s, which is thrown on', (error) => {
    expect(isUnreadable(error)).toBe(false)
    expect(() => whenUnreadable(() => 'instead')(error)).toThrow(error)
  })
})
