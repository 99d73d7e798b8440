import { describe, expect, it } from 'vitest'
import { deadlineSignal, lambdaDeadline, withinDeadline } from '../../../lib/concurrency/deadline.ts'

describe('lib/concurrency/deadline', () => {
  it("ends half a second before the Lambda's own time, and never below 0", () => {
    expect(lambdaDeadline({ getRemainingTimeInMillis: () => 2_000 }).remainingMs()).toBe(1_500)
    expect(lambdaDeadline({ getRemainingTimeInMillis: () => 100 }).remainingMs()).toBe(0)
  })

  it('counts ten seconds from now without a Lambda around', () => {
    const left = lambdaDeadline(undefined).remainingMs()
    expect(left).toBeGreaterThan(9_000)
    expect(left).toBeLessThanOrEqual(9_500)
  })

  it('gives a signal that has fired by the deadline', async () => {
    const signal = deadlineSignal({ remainingMs: () => 0 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signal.aborted).toBe(true)
  })

  it('hands on what the work throws', async () => {
    const work = Promise.reject(new RangeError('work'))
    await expect(withinDeadline(work, { remainingMs: () => 1_000 })).rejects.toThrow(RangeError)
  })
})
