import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  freshnessOf,
  hardLimitAt,
  softLimitAt,
  WARM_UP_PERIOD_MS,
  warmUpAt,
} from '../../../lib/token-cache/freshness.ts'

const ISSUED_AT = Date.parse('2026-09-21T12:00:00Z')
const life = (seconds: number) => ({ issuedAt: ISSUED_AT, expiresAt: ISSUED_AT + seconds * 1000 })
/** Milliseconds of a life that are left at that moment. */
const leftOf = (seconds: number, at: number) => life(seconds).expiresAt - at
const EARLIEST = () => 1 - Number.EPSILON / 2
const MIDDLE = () => 0.5
const LATEST = () => 0

/** From a second to a day, to the millisecond. */
const anyLife = fc.integer({ min: 1_000, max: 86_400_000 }).map((ms) => life(ms / 1000))
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((value) => () => value)

describe('lib/token-cache/freshness: hardLimitAt', () => {
  it.each([
    [86_400, 30_000],
    [3_600, 30_000],
    [600, 30_000],
    [599, 29_950],
    [100, 5_000],
    [1, 50],
  ])('leaves of a life of %i s the last %i ms unused', (seconds, ms) => {
    expect(leftOf(seconds, hardLimitAt(life(seconds)))).toBeCloseTo(ms)
  })
})

describe('lib/token-cache/freshness: softLimitAt', () => {
  it.each([
    [86_400, 300_000],
    [3_600, 300_000],
    [1_500, 300_000],
    [600, 120_000],
    [60, 12_000],
  ])('stands, of a life of %i s, %i ms before its end, give or take a tenth', (seconds, ms) => {
    const at = (random: () => number) => leftOf(seconds, softLimitAt(life(seconds), 'tolerated', random))
    expect(at(MIDDLE)).toBeCloseTo(ms, 3)
    expect(at(LATEST)).toBeCloseTo(ms * 0.9, 3)
    expect(at(EARLIEST)).toBeCloseTo(ms * 1.1, 3)
  })

  it('is the hard limit where a new token kills the old one', () => {
    for (const random of [LATEST, MIDDLE, EARLIEST]) {
      expect(softLimitAt(life(3_600), 'kills', random)).toBe(hardLimitAt(life(3_600)))
    }
  })
})

describe('lib/token-cache/freshness: warmUpAt', () => {
  it('stands at least two periods of the schedule before the soft limit of any sandbox', () => {
    const latest = warmUpAt(life(3_600), 'tolerated', LATEST)
    const earliest = softLimitAt(life(3_600), 'tolerated', () => 1)
    expect(earliest - latest).toBe(2 * WARM_UP_PERIOD_MS)
  })

  it('never falls into the first half of a short life', () => {
    expect(leftOf(300, warmUpAt(life(300), 'tolerated', MIDDLE))).toBe(150_000)
    expect(leftOf(10, warmUpAt(life(10), 'tolerated', MIDDLE))).toBe(5_000)
  })

  it('is the hard limit where a new token kills the old one', () => {
    expect(warmUpAt(life(3_600), 'kills', MIDDLE)).toBe(hardLimitAt(life(3_600)))
  })
})

describe('lib/token-cache/freshness: the three moments of any life from a second to a day', () => {
  it('come in their order where tokens overlap, whatever each one’s jitter', () => {
    fc.assert(
      fc.property(anyLife, anyRandom, anyRandom, (of, one, other) => {
        const [warm, soft, hard] = [
          warmUpAt(of, 'tolerated', one),
          softLimitAt(of, 'tolerated', other),
          hardLimitAt(of),
        ]
        expect(of.issuedAt).toBeLessThan(warm)
        expect(warm).toBeLessThanOrEqual(soft)
        expect(soft).toBeLessThan(hard)
        expect(hard).toBeLessThan(of.expiresAt)
      }),
    )
  })

  it('are one where a new token kills the old one, before its end', () => {
    fc.assert(
      fc.property(anyLife, anyRandom, (of, random) => {
        const hard = hardLimitAt(of)
        expect([warmUpAt(of, 'kills', random), softLimitAt(of, 'kills', random)]).toEqual([hard, hard])
        expect(of.issuedAt).toBeLessThan(hard)
        expect(hard).toBeLessThan(of.expiresAt)
      }),
    )
  })
})

describe('lib/token-cache/freshness: freshnessOf', () => {
  const of = life(3_600)
  const SOFT_LIMIT_AT = softLimitAt(of, 'tolerated', MIDDLE)
  const HARD_LIMIT_AT = hardLimitAt(of)
  const ASK_AGAIN_AT = SOFT_LIMIT_AT + 5_000
  const renewal = { softLimitAt: SOFT_LIMIT_AT, askAgainAt: 0 }
  const justTried = { softLimitAt: SOFT_LIMIT_AT, askAgainAt: ASK_AGAIN_AT }
  const hintedBeyond = { softLimitAt: SOFT_LIMIT_AT, askAgainAt: of.expiresAt }

  it.each([
    ['just issued', ISSUED_AT, renewal, 'fresh'],
    ['a millisecond before its soft limit', SOFT_LIMIT_AT - 1, renewal, 'fresh'],
    ['at its soft limit', SOFT_LIMIT_AT, renewal, 'stale'],
    ['past it, while somebody has just looked for a newer one', ASK_AGAIN_AT - 1, justTried, 'fresh'],
    ['when it is time to look again', ASK_AGAIN_AT, justTried, 'stale'],
    ['a millisecond before its hard limit', HARD_LIMIT_AT - 1, renewal, 'stale'],
    ['a millisecond before it, of who renews none', HARD_LIMIT_AT - 1, undefined, 'fresh'],
    ['at its hard limit', HARD_LIMIT_AT, renewal, 'invalid'],
    ['at it, of who renews none', HARD_LIMIT_AT, undefined, 'invalid'],
    ['at it, though it is not yet time to look again', HARD_LIMIT_AT, hintedBeyond, 'invalid'],
    ['at its end', of.expiresAt, renewal, 'invalid'],
    ['of a sandbox whose clock is a minute ahead', ISSUED_AT - 60_000, renewal, 'fresh'],
    ['from later than clocks differ: ours was set back', ISSUED_AT - 60_001, renewal, 'invalid'],
  ] as const)('of a token %s', (_, at, times, expected) => {
    expect(freshnessOf(of, at, times)).toBe(expected)
  })
})
