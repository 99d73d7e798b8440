import { describe, expect, it } from 'vitest'
import { pollSeconds } from '../../../../lib/vendors/cec/poll-length.ts'

describe('lib/vendors/cec/poll-length: pollSeconds', () => {
  const policy = { usualSeconds: 5, longestSeconds: 25 }

  it.each([
    ['nothing', undefined, 5],
    ['more', 20, 20],
    ['as much as is allowed', 25, 25],
    ['too much', 3600, 25],
    ['less', 2, 2],
    ['nothing at all', 0, 1],
  ])('gives a page that asks for %s its due', (_, asked, seconds) => {
    expect(pollSeconds(policy, asked)).toBe(seconds)
  })

  it('keeps the usual length below what a stage allows at most', () => {
    expect(pollSeconds({ usualSeconds: 5, longestSeconds: 2 })).toBe(2)
  })
})
