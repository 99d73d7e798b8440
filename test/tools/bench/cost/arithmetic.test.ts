import { describe, expect, it } from 'vitest'
import {
  billedMs,
  dollarsPerMillion,
  dollarsPerMonth,
  sumOf,
  type Usage,
} from '../../../../tools/bench/cost/arithmetic.ts'
import { ASSUMED, PRICES } from '../../../../tools/bench/cost/prices.ts'

const USAGE: Usage = {
  memoryMegabytes: 512,
  cpuMs: 1.2,
  tableCalls: 1,
  vendorCalls: 0,
  readUnits: 4,
  readUnitsShared: 2,
  writeUnits: 1,
  logBytes: 330,
  secrets: 1,
}

describe('tools/bench/cost/arithmetic', () => {
  it('bills whole milliseconds of the processor and of waiting', () => {
    expect(billedMs(USAGE)).toBe(7)
    expect(billedMs({ ...USAGE, vendorCalls: 1 })).toBe(7 + ASSUMED.vendorWaitMs)
    expect(billedMs({ ...USAGE, hangsMs: 5_000 })).toBe(5_007)
    expect(billedMs({ ...USAGE, cpuMs: 0, tableCalls: 0 })).toBe(1)
  })

  it('adds up what a million lone requests use', () => {
    const dollars = dollarsPerMillion(USAGE, 1)
    expect(dollars.api).toBe(PRICES.apiRequest.dollars)
    // 0.5 GB for 7 ms, and for the 300 ms of a start in two hours
    expect(dollars.lambda).toBeCloseTo(0.2 + (0.007 + 0.3 / 7_200) * 0.5 * 13.3334, 6)
    expect(dollars.reads).toBeCloseTo(4 * PRICES.readUnit.dollars, 9)
    expect(dollars.writes).toBeCloseTo(PRICES.writeUnit.dollars, 9)
    expect(dollars.logs).toBeCloseTo(((330 + 370 + 300) / 1_000) * PRICES.logGigabyte.dollars, 9)
    expect(dollars.secrets).toBeCloseTo(PRICES.secretRead.dollars / 300, 9)
    expect(sumOf(dollars)).toBeCloseTo(
      dollars.api + dollars.lambda + dollars.reads + dollars.writes + dollars.logs + dollars.secrets,
      9,
    )
  })

  it('reads what users share twice a second and sandbox at most', () => {
    // one sandbox takes 100 requests of 7 ms a second
    expect(dollarsPerMillion(USAGE, 100).reads).toBeCloseTo(2.04 * PRICES.readUnit.dollars, 9)
    // 70 sandboxes take 10,000
    expect(dollarsPerMillion(USAGE, 10_000).reads).toBeCloseTo(2.028 * PRICES.readUnit.dollars, 9)
  })

  it('takes the second price of the API for what is beyond 300 million a month', () => {
    expect(dollarsPerMillion(USAGE, 100).api).toBeCloseTo(1.11, 9)
    const million = 10_000 * 730 * 3_600 * 1e-6
    expect(dollarsPerMillion(USAGE, 10_000).api).toBeCloseTo((300 * 1.11 + (million - 300)) / million, 9)
  })

  it('makes a month of it', () => {
    expect(dollarsPerMonth(2, 100)).toBeCloseTo(2 * 262.8, 9)
  })
})
