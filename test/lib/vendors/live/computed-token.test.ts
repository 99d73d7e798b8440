import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { computedToken, tokenEnd, tokenNonce } from '../../../../lib/vendors/live/computed-token.ts'

const NOW = new Date('2026-11-28T10:00:00.900Z')
const NOW_SECONDS = 1_795_860_000

describe('lib/vendors/live/computed-token', () => {
  it("reproduces the vector that Alibaba's page prints for RTC", () => {
    expect(computedToken('abc', 'abckey', 'abcChannel', 'abcUser', '', '1699423634')).toBe(
      '3c9ee8d9f8734f0b7560ed8022a0590659113955819724fc9345ab8eedf84f31',
    )
  })

  it('makes a nonce of the strict alphabet, which ends with a letter', () => {
    for (let n = 0; n < 200; n += 1) {
      const nonce = tokenNonce(() => randomBytes(16).toString('base64url'))

      expect(nonce).toMatch(/^[0-9a-f]{32}n$/)
    }
  })

  it('makes a nonce out of all the bits of the id', () => {
    expect(
      tokenNonce(() => Buffer.from('0123456789abcdef0123456789abcdef', 'hex').toString('base64url')),
    ).toBe('0123456789abcdef0123456789abcdefn')
  })

  it.each([
    ['page', undefined, 3600],
    ['back-end', undefined, 86_400],
    ['page', 600, 600],
    ['back-end', 600, 600],
  ] as const)('ends a token of a %s with a setting of %s after %i s', (holder, setting, seconds) => {
    expect(tokenEnd(NOW, holder, setting)).toBe(NOW_SECONDS + seconds)
  })
})
