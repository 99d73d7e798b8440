import { beforeEach, describe, expect, it } from 'vitest'
import { type Clock, cacheTime, waitingTime } from '../../../lib/concurrency/sandbox-time.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let wall: number
let monotonic: number
const clock: Clock = Object.assign(() => new Date(wall), { monotonicMs: () => monotonic })
const withoutMonotonic: Clock = () => new Date(wall)
beforeEach(() => {
  wall = Date.parse('2026-09-21T12:00:00Z')
  monotonic = 5
})
const pass = (ms: number): void => {
  wall += ms
  monotonic += ms
}

describe.each([
  ['cacheTime', cacheTime],
  ['waitingTime', waitingTime],
])('lib/concurrency/sandbox-time %s', (_, timeOf) => {
  it('goes on as the clock does', () => {
    const time = timeOf(clock)
    const began = time()
    pass(500)
    expect(time() - began).toBe(500)
    pass(HOUR_MS)
    expect(time() - began).toBe(500 + HOUR_MS)
  })

  it('counts an hour that the monotonic clock has slept through', () => {
    const time = timeOf(clock)
    const began = time()
    wall += HOUR_MS
    expect(time() - began).toBe(HOUR_MS)
    // and does not lose it when the clock is set back by less than what passes
    pass(600_000)
    wall -= 300_000
    expect(time() - began).toBe(HOUR_MS + 600_000)
  })

  it('counts what passed while the clock was set back by less than that, unseen', () => {
    const time = timeOf(clock)
    const began = time()
    pass(600_000)
    wall -= 400_000
    expect(time() - began).toBe(600_000)
  })

  it('never goes back', () => {
    const time = timeOf(clock)
    let last = time()
    for (const [byWall, byMonotonic] of [
      [900, 0],
      [-1, 0],
      [0, 1],
      [-HOUR_MS, 5],
      [5, 5],
      [HOUR_MS, 0],
    ] as const) {
      wall += byWall
      monotonic += byMonotonic
      const next = time()
      expect(next).toBeGreaterThanOrEqual(last)
      last = next
    }
  })
})

describe('lib/concurrency/sandbox-time, with a clock that is seen to be set back', () => {
  it.each([
    ['and a monotonic one', clock],
    ['alone', withoutMonotonic],
  ])('makes what was remembered too old, and goes on at the same pace: the clock %s', (_, now) => {
    const time = cacheTime(now)
    const began = time()
    pass(100)
    time()
    wall -= 50
    expect(time() - began).toBeGreaterThan(DAY_MS)
    const again = time()
    pass(100)
    expect(time() - again).toBe(100)
  })

  it('does not count as waiting', () => {
    const time = waitingTime(withoutMonotonic)
    const began = time()
    wall -= HOUR_MS
    expect(time() - began).toBe(0)
    wall += 100
    expect(time() - began).toBe(100)
  })
})
