import { describe, expect, it } from 'vitest'
import { bucket } from '../../../../../tools/bench/simulate/aws/bucket.ts'
import { virtualClock } from '../../../../../tools/bench/simulate/clock.ts'

describe('tools/bench/simulate/aws/bucket', () => {
  it('gives its burst at once, then no more than its rate', async () => {
    const clock = virtualClock()
    const { take } = bucket(clock, { perSecond: 10, burst: 20 })
    expect([take(20), take(1)]).toEqual([true, false])
    await clock.run(100)
    expect([take(1), take(1)]).toEqual([true, false])
  })

  it('holds its burst at most, however long nobody takes', async () => {
    const clock = virtualClock()
    const { has } = bucket(clock, { perSecond: 10 })
    await clock.run(60_000)
    expect([has(10), has(11)]).toEqual([true, false])
  })

  it('takes nothing of an amount that is not there', () => {
    const { take } = bucket(virtualClock(), { perSecond: 10 })
    expect([take(11), take(10)]).toEqual([false, true])
  })
})
