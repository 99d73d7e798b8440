import { describe, expect, it } from 'vitest'
import { CLOCK_SKEW_MS, isGoingOn } from '../../../lib/concurrency/shared-time.ts'

const LENGTH_MS = 10_000
const NOW = Date.parse('2026-09-21T12:00:00Z')

describe('lib/concurrency/shared-time isGoingOn', () => {
  it.each([
    ['has ended', 0, false],
    ['ends in a moment', 1, true],
    ['has just begun', LENGTH_MS, true],
    ['began by a clock a minute ahead', LENGTH_MS + CLOCK_SKEW_MS, true],
    ['would begin later than clocks differ: ours was set back', LENGTH_MS + CLOCK_SKEW_MS + 1, false],
  ])('what %s', (_, leftMs, expected) => {
    expect(isGoingOn(NOW + leftMs, NOW, LENGTH_MS)).toBe(expected)
  })
})
