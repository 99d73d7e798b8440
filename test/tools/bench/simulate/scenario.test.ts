import { describe, expect, it } from 'vitest'
import { printed, scenarioRows } from '../../../../tools/bench/simulate/report.ts'
import { type Scenario, simulate } from '../../../../tools/bench/simulate/scenario.ts'
import { SYSTEMS } from '../../../../tools/bench/simulate/tenants.ts'

/** Tokens of each tenant: one of every vendor that has a service token. */
const EACH = SYSTEMS.length

const missed = async (scenario: Scenario): Promise<readonly string[]> =>
  scenarioRows(await simulate(scenario)).flatMap(({ figure, isMet }) => (isMet ? [] : [figure]))

describe('tools/bench/simulate/scenario', () => {
  it('keeps every bound with 50 tenants, the schedule and requests, and counts every item that is read', async () => {
    const figures = await simulate({ tenants: 50, hours: 3, requestsPerSecond: 0.5, sandboxes: 5 })
    const rows = scenarioRows(figures)
    expect(rows.filter(({ isMet }) => !isMet)).toEqual([])
    // 60 minutes are the life of a token, 53 or 54 those of a period: three fetches after the first
    expect(figures).toMatchObject({
      fetches: 4 * 50 * EACH,
      books: { tokens: 50 * EACH, periods: 4 * 50 * EACH, dead: 0, longestGapMs: 0 },
      upstreamWaits: 0,
      requests: { failed: 0, dead: 0 },
    })
    expect(figures.requests?.requests).toBeGreaterThan(4_000)
    const counted = figures.runs.reduce((sum, { reads, sweepReads }) => sum + reads + sweepReads, 0)
    expect(counted + figures.requestReads).toBe(figures.tableReads)
    expect(printed('title', rows)).not.toContain('MISSED')
  })

  it('comes to the same figures each time', async () => {
    const scenario = { tenants: 20, hours: 2, requestsPerSecond: 0.2, sandboxes: 3 }
    expect(await simulate(scenario)).toEqual(await simulate(scenario))
  })

  it('splits a first warm-up that is too long over runs, each within its minute', async () => {
    const tenants = Math.floor(800 / EACH)
    const { runs } = await simulate({ tenants, hours: 1 / 20, timeoutMs: 12_000 })
    expect(runs[0]?.found).toBeGreaterThan(0)
    expect(runs[0]).toMatchObject({ isSweepUnfinished: true })
    expect(runs.at(-1)).toMatchObject({ left: 0, isSweepUnfinished: false })
    expect(Math.max(...runs.map(({ tookMs }) => tookMs))).toBeLessThan(12_000)
  })

  it('keeps every bound where no tenant is warmed: nothing is fetched, and the sweep ends', async () => {
    const figures = await simulate({ tenants: 50, hours: 0.25, warm: 'never' })
    const rows = scenarioRows(figures)
    expect(rows.filter(({ isMet }) => !isMet)).toEqual([])
    expect(figures).toMatchObject({ fetches: 0, books: { tokens: 0, periods: 0 } })
    expect(rows.find(({ figure }) => figure === 'fetches per token and refresh period')?.measured).toBe(
      'none (0 / 0)',
    )
    const fetched = scenarioRows({ ...figures, fetches: 1 }).flatMap(({ figure, isMet }) =>
      isMet ? [] : [figure],
    )
    expect(fetched).toEqual(['fetches per token and refresh period'])
  })

  it('sees tokens die when the schedule does not come again', async () => {
    expect(await missed({ tenants: 10, hours: 2, faults: { scheduleEndsMs: 60_000 } })).toEqual([
      'tokens past their hard limit',
      'longest gap',
    ])
  })

  it('sees requests that wait when the schedule does not come again', async () => {
    const faults = { scheduleEndsMs: 60_000 }
    expect(await missed({ tenants: 10, hours: 2, requestsPerSecond: 0.5, faults })).toContain(
      'requests that waited for a vendor',
    )
  })

  it('loses no token, and lets no request wait, when every fifth run is missed', async () => {
    const { books, requests, upstreamWaits } = await simulate({
      tenants: 10,
      hours: 3,
      requestsPerSecond: 0.5,
      faults: { missedEvery: 5 },
    })
    expect(books).toMatchObject({ tokens: 10 * EACH, dead: 0, longestGapMs: 0 })
    expect(requests).toMatchObject({ failed: 0, dead: 0 })
    expect(upstreamWaits).toBe(0)
  })

  it('sees a list that shows more than what is due', async () => {
    expect(await missed({ tenants: 10, hours: 1, faults: { listsAll: true } })).toContain(
      'items read per item due, worst run',
    )
  })

  it('fetches every token once when every run of the schedule is started twice', async () => {
    expect(await missed({ tenants: 10, hours: 2, twiceEvery: 1 })).toEqual([])
  })

  it('ends the sweep of more names than one run gets through, and does not begin anew each time', async () => {
    const limits = { memoryMb: 1_769, vendorMs: [300, 1_000], pageMs: [200, 300] } as const
    const scenario = { tenants: 2_000, hours: 1 / 6, systems: ['cec', 'oiap'], warm: 'never' } as const
    const { runs, secretsListed } = await simulate({ ...scenario, timeoutMs: 12_000, limits })
    expect(runs[0]).toMatchObject({ isSweepUnfinished: true })
    expect(runs.at(-1)).toMatchObject({ isSweepUnfinished: false })
    expect(runs.reduce((sum, { dropped }) => sum + dropped, 0)).toBeGreaterThanOrEqual(4_000)
    expect(secretsListed).toBeLessThan(2 * 4_000)
  })

  it('keeps more tokens fresh with several runs a minute than one small sandbox has the processor for', async () => {
    const limits = { memoryMb: 512, vendorMs: [300, 1_000], pageMs: [60, 100] } as const
    const scenario = { tenants: 800, hours: 0.05, systems: ['cec', 'oiap'], limits } as const
    const alone = await simulate(scenario)
    const shared = await simulate({ ...scenario, shares: 3 })
    expect([alone.books.tokens < 1_600, shared.books.tokens]).toEqual([true, 1_600])
    expect(shared.fetches).toBe(shared.books.periods)
    for (const { tookMs } of shared.runs) expect(tookMs).toBeLessThan(60_000)
  })
})
