import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { UpstreamFailure } from '../../../lib/outbound/failures.ts'
import type { SecretFailure } from '../../../lib/secrets/source.ts'
import { type SecretList, SecretSourceError } from '../../../lib/secrets/source.ts'
import type { Table } from '../../../lib/table/table.ts'
import {
  CEC,
  DUE_MS,
  HOUR_MS,
  MINUTE_MS,
  NOTHING,
  OIAP,
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

describe('lib/prewarm/prewarm: a run', () => {
  it('finds new tenants, and fetches a token for each system that has one', async () => {
    world.put('t1/cec', CEC)
    world.put('t1/oiap')
    world.put('t2/oiap', { ...OIAP, warm: 'never' })
    expect(await world.run()).toEqual({ ...NOTHING, found: 3, refreshed: 2, dropped: 1 })
    expect(world.asked).toEqual(['t1', 't1'])
    expect(await world.run()).toEqual(NOTHING)
  })

  it('renews what is due and nothing else, and asks the table for no more', async () => {
    await world.tenantsDue(3)
    world.at -= 1
    world.table.resetCounters()
    expect([await world.run(), world.asked]).toEqual([NOTHING, []])
    // a list for each system, empty, and the sweep's item
    expect(world.table.calls()).toMatchObject({ listed: 2, get: 1, change: 0 })
    world.at += 1
    expect(await world.run()).toEqual({ ...NOTHING, due: 3, refreshed: 3 })
    expect(await world.run()).toEqual(NOTHING)
  })

  it('begins with the most urgent, whatever its system', async () => {
    world.put('later/cec', CEC)
    world.put('sooner/oiap')
    await world.run()
    const [cec] = world.table.dump().filter(({ system }) => system === 'cec')
    await world.table.change(
      String(cec?.['pk']),
      { set: { listedAt: world.at + DUE_MS + 1 } },
      world.within(1_000),
    )
    world.at += DUE_MS + 1
    world.read = []
    expect(await world.run()).toMatchObject({ due: 2, refreshed: 2 })
    expect(world.read).toEqual(['test/tenants/sooner/oiap', 'test/tenants/later/cec'])
  })

  it('asks vendors for forty at a time, and no more', async () => {
    await world.tenantsDue(100)
    let running = 0
    let most = 0
    world.vendor = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    expect(await world.run()).toEqual({ ...NOTHING, due: 100, refreshed: 100 })
    expect(most).toBeLessThanOrEqual(40)
    expect(most).toBeGreaterThan(20)
  })

  it('begins nothing that may not end in time, says how much is left, and the next run does that', async () => {
    await world.tenantsDue(100)
    world.vendor = async () => {
      world.at += 200
    }
    const first = await world.run(world.sandbox(), 20_000)
    expect(first.left).toBeGreaterThan(0)
    expect(first).toEqual({ ...NOTHING, due: 100, refreshed: 100 - first.left, left: first.left })
    expect(world.asked).toHaveLength(100 - first.left)
    world.vendor = async () => undefined
    expect(await world.run()).toMatchObject({ due: first.left, refreshed: first.left, left: 0 })
    expect(new Set(world.asked).size).toBe(100)
  })

  it('looks for no new tenants while there is something left', async () => {
    await world.tenantsDue(60)
    world.at += HOUR_MS
    world.put('new/oiap')
    // an hour late, all of them are dead
    expect(await world.run(world.sandbox(), 10_000)).toEqual({
      ...{ ...NOTHING, due: 60 },
      ...{ left: 60, endangered: 60 },
    })
    expect(await world.run()).toMatchObject({ due: 60, found: 61, left: 0 })
    expect(world.asked).toContain('new')
  })

  it('shares the work with another that comes at the same time: each token is fetched once', async () => {
    await world.tenantsDue(30)
    const both = await Promise.all([world.run(), world.run()])
    expect(both.map(({ due }) => due)).toEqual([30, 30])
    expect(both[0].refreshed + both[1].refreshed).toBe(30)
    expect(both[0].upToDate + both[1].upToDate).toBe(30)
    expect([world.asked.length, new Set(world.asked).size]).toEqual([30, 30])
  })

  it('sees to its share, and several to all together, each token fetched once', async () => {
    await world.tenantsDue(30)
    const shares = [0, 1, 2].map((share) => ({ share, of: 3 }))
    const runs = await Promise.all(shares.map((share) => world.run(world.sandbox(), MINUTE_MS, share)))
    expect(runs.reduce((sum, { due }) => sum + due, 0)).toBe(30)
    expect(runs.every(({ refreshed, due }) => refreshed === due && due < 30)).toBe(true)
    expect([world.asked.length, new Set(world.asked).size]).toEqual([30, 30])
  })

  it('can be repeated at once, which does nothing', async () => {
    await world.tenantsDue(5)
    await world.run()
    expect([await world.run(), world.asked.length]).toEqual([NOTHING, 5])
  })

  it('drops the tokens of a tenant that has gone', async () => {
    await world.tenantsDue(2)
    world.vault.delete('test/tenants/t0/oiap')
    expect(await world.run()).toEqual({ ...NOTHING, due: 2, refreshed: 1, dropped: 1 })
    expect(world.table.dump().map(({ tenantSpaceId }) => tenantSpaceId)).not.toContain('t0')
  })
})

describe('lib/prewarm/prewarm: the hourly sweep', () => {
  it('is finished although a vendor failed: that tenant is listed from then on', async () => {
    world.put('t1/oiap')
    world.vendor = refusing(new UpstreamFailure('unavailable', {}))
    expect(await world.run()).toMatchObject({ found: 1, failed: 1 })
    world.at += MINUTE_MS
    world.vendor = async () => undefined
    expect(await world.run()).toEqual({ ...NOTHING, due: 1, refreshed: 1 })
  })

  it.each<[string, [SecretFailure, string]]>([
    ['Secrets Manager is busy', ['transient', 'ThrottlingException']],
    ['KMS does not decrypt it', ['kms', 'AccessDeniedException']],
    ['it may not be read', ['final', 'AccessDeniedException']],
  ])(
    'is followed in the next runs by a secret that could not be read, since no list has that tenant: %s',
    async (_, said) => {
      world.unreadable = said
      world.put('t1/oiap')
      world.put('t2/oiap')
      world.unreadableSecret = 'test/tenants/t1/oiap'
      expect(await world.run()).toMatchObject({ found: 2, refreshed: 1, failed: 1 })
      world.unreadableSecret = undefined
      expect(await world.run()).toEqual({ ...NOTHING, found: 1, refreshed: 1 })
      expect(await world.run()).toEqual(NOTHING)
    },
  )

  it('is repeated by the next run when the time was used up', async () => {
    for (let number = 0; number < 100; number++) world.put(`t${number}/oiap`)
    world.vendor = async () => {
      world.at += 200
    }
    const first = await world.run(world.sandbox(), 20_000)
    expect(first).toMatchObject({ found: 100, refreshed: 100 - first.left })
    expect(first.left).toBeGreaterThan(0)
    world.vendor = async () => undefined
    expect(await world.run()).toMatchObject({
      found: 100,
      refreshed: first.left,
      upToDate: 100 - first.left,
      left: 0,
    })
  })

  it('that cannot list the secrets does not hide what the run has done', async () => {
    await world.tenantsDue(1)
    world.at += HOUR_MS
    const denied: SecretList = async function* () {
      yield { secrets: [], next: '2' }
      throw new SecretSourceError('final', 'AccessDeniedException')
    }
    expect(await world.run(world.sandbox({ listing: denied }))).toMatchObject({ due: 1, refreshed: 1 })
  })
})

describe('lib/prewarm/prewarm: with the table down', () => {
  const unavailable = async () => {
    throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
  }
  it('the run fails, and no vendor is asked', async () => {
    await world.tenantsDue(3)
    // biome-ignore lint/correctness/useYield: it fails before its first page
    const listed = async function* () {
      await unavailable()
    } as Table['listed']
    await expect(world.run(world.sandbox({ of: { ...world.table, listed } }))).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
    })
    expect([world.asked, world.lines]).toEqual([[], []])
    expect(await world.run()).toMatchObject({ refreshed: 3 })
  })

  it('the run fails also when it goes down between the list and the work', async () => {
    await world.tenantsDue(3)
    const gone = { ...world.table, get: unavailable, change: unavailable, remove: unavailable }
    await expect(world.run(world.sandbox({ of: gone }))).rejects.toMatchObject({
      code: 'TOKEN_STORE_UNAVAILABLE',
    })
    expect(world.asked).toEqual([])
  })
})
