import { describe, expect, it } from 'vitest'
import { fetchesChart } from '../../../../tools/bench/simulate/chart.ts'
import { fleetRows } from '../../../../tools/bench/simulate/report.ts'
import { type FleetFigures, simulateFleet } from '../../../../tools/bench/simulate/sharing.ts'

const fleets = (hasStore: boolean): Promise<readonly FleetFigures[]> =>
  Promise.all([1, 30].map((sandboxes) => simulateFleet({ sandboxes, hasStore, hours: 2 })))

describe('tools/bench/simulate/sharing', () => {
  it('fetches as for one sandbox when all share, and for each when none does', async () => {
    const [one, many] = await fleets(true)
    expect([one?.fetchesPerMinute, many?.fetchesPerMinute]).toEqual([2 / 120, 2 / 120])
    expect(many?.busiestMinute).toBe(1)
    const [alone, crowd] = await fleets(false)
    expect(alone?.fetchesPerMinute).toBeGreaterThan(1 / 120)
    expect(crowd?.fetchesPerMinute).toBeGreaterThan(20 * (many?.fetchesPerMinute ?? 0))
  })

  it('sees fetches of many at once when all requests come in step and no lease is held', async () => {
    const inStep = { sandboxes: 30, hasStore: true, hours: 2, isInStep: true }
    const held = await simulateFleet({ ...inStep, hasLeases: true })
    expect(held).toMatchObject({ busiestMinute: 1, fetchesPerPeriod: 1 })
    const free = await simulateFleet({ ...inStep, hasLeases: false })
    expect(free.fetchesPerPeriod).toBeGreaterThan(3)
    expect(fleetRows([held, free]).map(({ isMet }) => isMet)).toEqual([true, false])
  })
})

describe('tools/bench/simulate/chart', () => {
  const chart = fetchesChart([
    { sandboxes: 1, hasStore: true, fetchesPerMinute: 0.0182, busiestMinute: 1 },
    { sandboxes: 1_000, hasStore: true, fetchesPerMinute: 0.0182, busiestMinute: 1 },
    { sandboxes: 1, hasStore: false, fetchesPerMinute: 0.025, busiestMinute: 1 },
    { sandboxes: 1_000, hasStore: false, fetchesPerMinute: 25.3, busiestMinute: 44 },
  ])

  it('says in words what it shows, for those who do not see it', () => {
    expect(chart).toContain('<title id="title">Upstream fetches of one tenant’s token, per minute</title>')
    expect(chart).toContain(
      'Without the shared store: 0.025 with 1 sandbox, 25 with 1,000 sandboxes. With it: 0.018 with 1 sandbox, 0.018',
    )
  })

  it('is well-formed, and has its points inside', () => {
    const opened = [...chart.matchAll(/<([a-z]+)[ >]/g)].length
    const closed = [...chart.matchAll(/<\/[a-z]+>|\/>/g)].length
    expect(opened).toBe(closed)
    expect(chart).not.toMatch(/NaN|undefined|Infinity/)
    for (const [, text] of chart.matchAll(/\bc?y[12]?="([\d.]+)"/g)) expect(Number(text)).toBeLessThan(500)
  })
})
