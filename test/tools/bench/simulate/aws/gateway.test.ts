import { describe, expect, it } from 'vitest'
import { apiGateway, TooManyRequests } from '../../../../../tools/bench/simulate/aws/gateway.ts'
import { virtualClock } from '../../../../../tools/bench/simulate/clock.ts'

const passed = (count: number, call: () => void): number => {
  let sum = 0
  for (let n = 0; n < count; n++) {
    try {
      call()
      sum += 1
    } catch (error) {
      expect(error).toBeInstanceOf(TooManyRequests)
    }
  }
  return sum
}

describe('tools/bench/simulate/aws/gateway', () => {
  it('lets a route have its burst, then its rate, and takes nothing of that from another', async () => {
    const clock = virtualClock()
    const { route } = apiGateway(clock)
    const one = route({ perSecond: 100, burst: 200 })
    const other = route({ perSecond: 100, burst: 200 })
    expect([passed(300, one), passed(300, other)]).toEqual([200, 200])
    await clock.run(1_000)
    expect(passed(300, one)).toBe(100)
  })

  it('lets all routes together have 5,000 at once, then 10,000 a second', async () => {
    const clock = virtualClock()
    const { route } = apiGateway(clock)
    const wide = route({ perSecond: 100_000 })
    expect(passed(9_000, wide)).toBe(5_000)
    await clock.run(100)
    expect(passed(9_000, wide)).toBe(1_000)
  })
})
