import { beforeEach, describe, expect, it } from 'vitest'
import { UpstreamFailure } from '../../../lib/outbound/failures.ts'
import {
  DUE_MS,
  HARD_MS,
  MINUTE_MS,
  NOTHING,
  type ScheduleWorld,
  scheduleWorld,
} from '../../support/schedule-world.ts'

let world: ScheduleWorld
beforeEach(() => {
  world = scheduleWorld()
})

const refusing = (failure: UpstreamFailure) => async () => {
  throw failure
}

describe('lib/prewarm/prewarm: a failure', () => {
  it('of one tenant is logged and counted, and hinders no other', async () => {
    await world.tenantsDue(3)
    world.vendor = async (tenant) => {
      if (tenant === 't1')
        throw new UpstreamFailure('throttled', { upstreamStatus: 429, retryAfterSeconds: 1 })
    }
    expect(await world.run()).toEqual({ ...NOTHING, due: 3, refreshed: 2, failed: 1 })
    expect(world.lines).toEqual([
      {
        level: 'WARN',
        code: 'WARM_UP_FAILED',
        system: 'oiap',
        tenantSpaceId: 't1',
        reason: 'UPSTREAM_THROTTLED',
        upstreamStatus: 429,
        retryAfterSeconds: 1,
      },
    ])
  })

  it('is tried again by the run of the next minute', async () => {
    await world.tenantsDue(1)
    world.vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await world.run()).toMatchObject({ due: 1, failed: 1 })
    world.vendor = async () => undefined
    world.at += MINUTE_MS
    expect(await world.run()).toMatchObject({ due: 1, refreshed: 1 })
    expect(await world.run()).toMatchObject({ due: 0 })
  })

  it('is tried again by the run of the next minute whatever pause the vendor asks for', async () => {
    await world.tenantsDue(1)
    const inADay = { upstreamStatus: 429, retryAfterSeconds: 86_400 }
    world.vendor = refusing(new UpstreamFailure('throttled', inADay))
    expect(await world.run()).toMatchObject({ due: 1, failed: 1 })
    world.at += MINUTE_MS
    expect(await world.run()).toMatchObject({ due: 1, failed: 1 })
    world.vendor = async () => undefined
    world.at += MINUTE_MS
    expect(await world.run()).toMatchObject({ due: 1, refreshed: 1 })
  })

  it('counts as endangering with less than two periods of life left, and from then on', async () => {
    await world.tenantsDue(1)
    world.vendor = refusing(new UpstreamFailure('unavailable', {}))
    const failsAt = async (ageMs: number) => {
      world.at += ageMs - DUE_MS
      const summary = await world.run(world.sandbox({ listing: async function* () {} }))
      world.at -= ageMs - DUE_MS
      await world.table.change(
        String(world.table.dump()[1]?.['pk']),
        { set: { listedAt: 0 } },
        world.within(1_000),
      )
      return [summary.failed, summary.endangered]
    }
    expect(await failsAt(DUE_MS)).toEqual([1, 0])
    expect(await failsAt(HARD_MS - 2 * MINUTE_MS)).toEqual([1, 0])
    expect(await failsAt(HARD_MS - 2 * MINUTE_MS + 1)).toEqual([1, 1])
    expect(await failsAt(HARD_MS + 2 * MINUTE_MS - 1)).toEqual([1, 1])
    expect(await failsAt(HARD_MS + 2 * MINUTE_MS)).toEqual([1, 1])
  })

  it('of a tenant that never had a token endangers none', async () => {
    world.put('t1/oiap')
    world.vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await world.run()).toEqual({ ...NOTHING, found: 1, failed: 1 })
    world.at += MINUTE_MS
    expect(await world.run()).toEqual({ ...NOTHING, due: 1, failed: 1 })
  })

  it('for credentials is not repeated: the vendor is not asked again, and others are served', async () => {
    await world.tenantsDue(2)
    world.vendor = async (tenant) => {
      if (tenant === 't0') throw new UpstreamFailure('credential', { upstreamCode: '200800002' })
    }
    expect(await world.run()).toMatchObject({ refreshed: 1, failed: 1 })
    for (let runs = 0; runs < 60; runs++) {
      world.at += MINUTE_MS
      await world.run()
    }
    expect(world.asked.filter((tenant) => tenant === 't0')).toHaveLength(1)
    expect(world.asked.filter((tenant) => tenant === 't1').length).toBeGreaterThan(1)
  })

  it('has a line of its own for the first twenty, and a place in the sum for all', async () => {
    await world.tenantsDue(25)
    world.vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await world.run()).toMatchObject({ failed: 25 })
    expect(world.lines).toHaveLength(20)
  })
})
