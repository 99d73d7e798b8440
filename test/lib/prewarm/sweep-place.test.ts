import { beforeEach, describe, expect, it } from 'vitest'
import { ALL, type Shared } from '../../../lib/prewarm/share.ts'
import { claimSweep, lastSweeps } from '../../../lib/prewarm/sweep-place.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'

const HOUR_MS = 3_600_000
const CLAIM_MS = 120_000
const AMPLE = { remainingMs: () => 60_000 }

const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')
let at: number
let table: MemoryTable

beforeEach(() => {
  at = STARTED_AT
  table = memoryTable()
})

const claim = () => claimSweep({ table, share: ALL, now: () => new Date(at) }, AMPLE)
const swept = () => lastSweeps({ table, of: 1 }, AMPLE)
const unreadOf = (count: number): Shared[] =>
  Array.from({ length: count }, (_, number) => ({ system: 'cec', tenantSpaceId: `t${number}` }))

describe('lib/prewarm/sweep-place: secrets that could not be read', () => {
  it('are remembered by name up to a hundred, and seen to before the next sweep is due', async () => {
    await (await claim())?.stop({ at: 'end', unread: [...unreadOf(100), ...unreadOf(1)] })
    expect(await swept()).toEqual([STARTED_AT])
    at += 60_000
    const next = await claim()
    expect(next?.begun).toEqual({ sweptAt: STARTED_AT, page: '', unread: unreadOf(100), isDue: false })
    await next?.stop({ at: 'retried', unread: [] })
    expect([await claim(), await swept()]).toEqual([undefined, [STARTED_AT]])
  })

  it('make the same sweep begin anew after two minutes where they are more', async () => {
    await (await claim())?.stop({ at: 'end', unread: unreadOf(101) })
    expect(await swept()).toEqual([undefined])
    at += CLAIM_MS - 1
    expect(await claim()).toBeUndefined()
    at += 1
    expect((await claim())?.begun).toMatchObject({ sweptAt: undefined, unread: [], isDue: true })
  })

  it('are still too many where the run stops at a page, and goes on there', async () => {
    await (await claim())?.stop({ at: 'page', page: '7', unread: unreadOf(200) })
    const next = await claim()
    expect(next?.begun).toMatchObject({ page: '7', unread: unreadOf(101), isDue: true })
    await next?.stop({ at: 'end', unread: next.begun.unread })
    expect(await swept()).toEqual([undefined])
  })

  it('are nobody’s where an earlier release has written how many, and not whose', async () => {
    await (await claim())?.stop({ at: 'end', unread: [] })
    const [item] = table.dump()
    await table.change(String(item?.['pk']), { set: { unread: 2 } }, AMPLE)
    at += 60_000
    expect(await claim()).toBeUndefined()
    at += HOUR_MS
    expect((await claim())?.begun).toMatchObject({ unread: [], isDue: true })
  })
})
