import { describe, expect, it } from 'vitest'
import { lastTokenEnds } from '../../../lib/jwt/last-token.ts'

describe('lib/jwt/last-token', () => {
  it('is a request of 30 s, a life of an hour and twice the tolerance of clocks later, in whole seconds', () => {
    expect(lastTokenEnds(new Date(1_800_000_000_000))).toBe(1_800_000_000 + 30 + 3600 + 10)
    expect(lastTokenEnds(new Date(1_800_000_000_001))).toBe(1_800_000_001 + 30 + 3600 + 10)
  })
})
