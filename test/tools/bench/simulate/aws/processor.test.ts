import { describe, expect, it } from 'vitest'
import { processorShare } from '../../../../../tools/bench/simulate/aws/limits.ts'
import { processor } from '../../../../../tools/bench/simulate/aws/processor.ts'
import { virtualClock } from '../../../../../tools/bench/simulate/clock.ts'

describe('tools/bench/simulate/aws/processor', () => {
  it('computes one after the other, each for longer the smaller its share is', async () => {
    const clock = virtualClock()
    const { compute } = processor(clock, 0.25)
    const ends: number[] = []
    for (const ms of [34, 34])
      clock.start(async () => {
        await compute(ms)
        ends.push(clock.elapsed())
      })
    await clock.run(1_000)
    expect(ends).toEqual([136, 272])
  })

  it('owes nothing for the time in which nobody computed', async () => {
    const clock = virtualClock()
    const { compute } = processor(clock, 1)
    await clock.run(500)
    clock.start(() => compute(10))
    await clock.run(511)
    clock.start(async () => {
      await compute(10)
      expect(clock.elapsed()).toBe(521)
    })
    await clock.run(600)
    expect.assertions(1)
  })

  it('has 0.29 of a processor in a sandbox of 512 MB', () => {
    expect(processorShare(512)).toBeCloseTo(0.29, 2)
  })
})
