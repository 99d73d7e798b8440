import { beforeEach, describe, expect, it } from 'vitest'
import { BridgeError, type ErrorCode } from '../../../lib/errors.ts'
import type { Table } from '../../../lib/table/table.ts'
import { seen } from '../../../lib/token-cache/items.ts'
import { LEASE_MS, leaseWatch, type Watch } from '../../../lib/token-cache/lease.ts'
import type { Fetch } from '../../../lib/token-cache/service-token.ts'
import { HOUR_MS, type TokenWorld, tokenWorld } from '../../support/token-world.ts'

let world: TokenWorld
beforeEach(() => {
  world = tokenWorld()
})

describe('lib/token-cache/lease: a lease whose holder fails', () => {
  const outcomes = async (code: ErrorCode) => {
    const holder = world.get(world.sandbox(), world.failIn(1_000, code))
    await world.settle()
    const waiters = Array.from({ length: 3 }, () => world.get(world.sandbox()))
    return world.time.run(Promise.allSettled([holder, ...waiters]))
  }
  const codeOf = (outcome: PromiseSettledResult<unknown>) =>
    outcome.status === 'rejected' ? outcome.reason.code : 'token'

  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_THROTTLED', 'UPSTREAM_UNEXPECTED'] as const)(
    'shares %s with all who wait for it: nobody asks again at once',
    async (code) => {
      expect((await outcomes(code)).map(codeOf)).toEqual([code, code, code, code])
      expect(world.fetches).toBe(1)
      expect(await world.time.run(world.get(world.sandbox()))).toBeDefined()
      expect(world.fetches).toBe(2)
    },
  )

  it.each(['UPSTREAM_CREDENTIAL', 'UPSTREAM_REFUSED', 'UPSTREAM_TIMEOUT', 'INTERNAL'] as const)(
    'keeps %s to itself: one of those who wait asks for all',
    async (code) => {
      expect((await outcomes(code)).map(codeOf)).toEqual([code, 'token', 'token', 'token'])
      expect(world.fetches).toBe(2)
    },
  )

  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_CREDENTIAL'] as const)(
    'leaves, after %s, an item that the next run of the schedule sees, however early it comes',
    async (code) => {
      await expect(world.time.run(world.get(world.sandbox(), world.failIn(100, code)))).rejects.toMatchObject(
        {
          code,
        },
      )
      expect(world.item()).toMatchObject({
        listedIn: 'cec',
        listedAt: world.time.now().getTime(),
        failedCode: code,
      })
      expect(world.item()['leaseId']).toBeUndefined()
    },
  )

  it('tells nobody of a failure that it came too late to wait for', async () => {
    await expect(
      world.time.run(world.get(world.sandbox(), world.failIn(100, 'UPSTREAM_UNAVAILABLE'))),
    ).rejects.toBeDefined()
    expect(await world.time.run(world.get(world.sandbox()))).toBeDefined()
    expect(world.item()['failedCode']).toBeUndefined()
  })

  it('throws what the vendor said also when the lease cannot be given back', async () => {
    let isDown = false
    const flaky: Table = {
      ...world.table,
      change: (...args) => (isDown ? world.down(['change']) : world.table).change(...args),
    }
    const failing: Fetch = async () => {
      isDown = true
      throw new BridgeError('UPSTREAM_UNAVAILABLE', 'failed')
    }
    await expect(world.time.run(world.get(world.sandbox({ table: flaky }), failing))).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    expect(world.item()['leaseId']).toBe('lease 1')
  })
})

describe('lib/token-cache/lease: a lease whose holder dies', () => {
  const deadHolder = async (clockMs = 0) => {
    world.abandon(world.get(world.sandbox({}, clockMs), world.dead(), 48 * HOUR_MS))
    await world.settle()
    world.fetches = 0
  }
  const waitedMs = async (clockMs: number) => {
    const from = world.time.now().getTime()
    await world.time.run(world.get(world.sandbox({}, clockMs), world.fetch, 60_000))
    return world.time.now().getTime() - from
  }

  it('ends by itself: one of those who wait takes over', async () => {
    await deadHolder()
    const all = await world.time.run(Promise.all(Array.from({ length: 4 }, () => world.get(world.sandbox()))))
    expect([new Set(all.map(({ token }) => token)).size, world.fetches]).toEqual([1, 1])
  })

  it.each([
    ['of one clock', 0],
    ['of a clock 5 s behind: by watching, not by the moment it was told', -5_000],
    ['of a clock an hour behind', -HOUR_MS],
  ])('is over after its 10 s, to the longest pause, for who waits: %s', async (_, clockMs) => {
    await deadHolder()
    const ms = await waitedMs(clockMs)
    expect(ms).toBeGreaterThanOrEqual(10_000)
    expect(ms).toBeLessThan(11_000)
    expect(world.fetches).toBe(1)
  })

  it('is over sooner for a clock that is ahead, which costs a call and no more', async () => {
    await deadHolder()
    const ms = await waitedMs(5_000)
    expect(ms).toBeGreaterThanOrEqual(5_000)
    expect(ms).toBeLessThan(6_000)
    expect([world.fetches, world.item()['generation']]).toEqual([1, 1])
  })

  it('is over after its 10 s also where the dead one’s clock was an hour ahead', async () => {
    await deadHolder(HOUR_MS)
    expect(await waitedMs(0)).toBeLessThan(11_000)
    expect(world.fetches).toBe(1)
  })

  it('is watched anew when it becomes another’s', async () => {
    await deadHolder()
    world.abandon(world.get(world.sandbox(), world.dead(), 48 * HOUR_MS))
    const ms = await waitedMs(-HOUR_MS)
    // two dead ones, one after the other
    expect(ms).toBeGreaterThanOrEqual(20_000 - 1_000)
    expect(world.fetches).toBe(2)
  })
})

describe('lib/token-cache/lease: leaseWatch', () => {
  const NOW = Date.parse('2026-09-21T12:00:00Z')
  let at: number
  let watch: Watch
  beforeEach(() => {
    at = NOW
    watch = leaseWatch(() => new Date(at))
  })
  const leased = (until: number, leaseId = 'theirs') => seen('pk', { leaseId, leaseUntil: until })
  const ended = (failedCode: string, failedLeaseId = 'theirs') => seen('pk', { failedLeaseId, failedCode })

  it('sees no lease in an item that has none', () => {
    expect(watch.isHeld(seen('pk', undefined))).toBe(false)
  })

  it('sees one until its own end', () => {
    expect(watch.isHeld(leased(NOW + 1))).toBe(true)
    expect(watch.isHeld(leased(NOW))).toBe(false)
  })

  it('sees one no longer than its whole length, whatever end it has', () => {
    const endless = leased(NOW + HOUR_MS)
    expect(watch.isHeld(endless)).toBe(true)
    at += LEASE_MS - 1
    expect(watch.isHeld(endless)).toBe(true)
    at += 1
    expect(watch.isHeld(endless)).toBe(false)
  })

  it('watches anew when the lease is another’s', () => {
    watch.isHeld(leased(NOW + HOUR_MS))
    at += LEASE_MS
    expect(watch.isHeld(leased(NOW + HOUR_MS, 'another'))).toBe(true)
  })

  it('tells what ended the lease that it has watched, and of no other', () => {
    expect(watch.failure(ended('UPSTREAM_UNAVAILABLE'))).toBeUndefined()
    watch.isHeld(leased(NOW + 1))
    expect(watch.failure(ended('UPSTREAM_UNAVAILABLE', 'another'))).toBeUndefined()
    expect(watch.failure(ended('UPSTREAM_UNAVAILABLE'))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it.each(['UPSTREAM_CREDENTIAL', 'UPSTREAM_TIMEOUT', 'a text that is no code'])(
    'does not tell of %s: whoever waits may try itself',
    (code) => {
      watch.isHeld(leased(NOW + 1))
      expect(watch.failure(ended(code))).toBeUndefined()
    },
  )
})
