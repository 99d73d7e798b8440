import { describe, expect, it } from 'vitest'
import { median, quantile } from '../../../tools/bench/quantile.ts'

describe('tools/bench/quantile', () => {
  it('is the middle value, or lies in the middle of two', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })

  it('lies between two values in proportion', () => {
    const values = Array.from({ length: 101 }, (_, index) => 100 - index)
    expect(quantile(values, 0.99)).toBe(99)
    expect(quantile([0, 10], 0.25)).toBe(2.5)
  })

  it('is no number where there is no value', () => {
    expect(median([])).toBeNaN()
  })
})
