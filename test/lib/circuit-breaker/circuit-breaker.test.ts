import { beforeEach, describe, expect, it } from 'vitest'
import type { CircuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import {
  account,
  type BreakerWorld,
  backOff,
  breakerWorld,
  CEC,
  check,
  deadline,
  fingerprint,
  MINUTE_MS,
  OIAP,
  probers,
  refuse,
  succeed,
} from './breaker-world.ts'

let world: BreakerWorld
let one: CircuitBreaker
let other: CircuitBreaker
beforeEach(() => {
  world = breakerWorld()
  one = world.sandbox()
  other = world.sandbox()
})

describe('lib/circuit-breaker/circuit-breaker', () => {
  describe('a refusal of credentials', () => {
    it('stands in the way in every sandbox, in the vendor’s own terms', async () => {
      expect(await check(other)).toBeUndefined()
      await refuse(one)
      for (const by of [one, other]) {
        expect(await check(by)).toMatchObject({
          code: 'UPSTREAM_CREDENTIAL',
          failure: 'credential',
          detail: {
            upstreamStatus: 200,
            upstreamCode: '200800002',
            retryAfterSeconds: 900,
            reason: 'not tried again',
          },
        })
      }
    })

    it.each<[string, Account]>([
      ['fingerprint', account('cec', { fingerprint: 'another' })],
      ['tenant', account('cec', { tenantSpaceId: 't2' })],
      ['system', account('live')],
    ])('stands in nobody’s way with another %s', async (_, of) => {
      await refuse(one)
      expect([await check(one, of), await check(other, of)]).toEqual([undefined, undefined])
      expect(await check(other)).toBeDefined()
    })

    it.each(['cec', 'live'] as const)(
      'by %s is over after 15 minutes, for one who may try',
      async (system) => {
        const of = account(system)
        await refuse(one, of)
        world.at += 15 * MINUTE_MS - 1
        expect(await probers([one, other], of)).toBe(0)
        world.at += 1
        expect(await probers([one, other], of)).toBe(1)
      },
    )

    it('by OIAP stays without end when another try, under way at the same time, is refused without a reason', async () => {
      await refuse(one, OIAP)
      await backOff(other, OIAP)
      world.at += 60 * MINUTE_MS
      expect(await probers([one, other, world.sandbox()], OIAP)).toBe(0)
    })

    it('by OIAP without a reason is no leave to try once the table is down and the pause over', async () => {
      await backOff(one, OIAP)
      world.isDown = true
      world.at += 60 * MINUTE_MS
      await expect(check(one, OIAP)).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
      world.isDown = false
      expect(await probers([one, other], OIAP)).toBe(1)
    })

    it('by OIAP without a reason is tried ever more seldom, to once in 15 minutes', async () => {
      let tries = 0
      for (const end = world.at + 24 * 60 * MINUTE_MS; world.at < end; world.at += 5_000) {
        if ((await probers([one, other], OIAP)) === 0) continue
        tries += 1
        await backOff(one, OIAP)
      }
      // eight in the first 21 minutes, then four an hour
      expect(tries).toBeGreaterThan(90)
      expect(tries).toBeLessThan(105)
    })

    it('by OIAP has no end: patience locks an account as well as haste', async () => {
      await refuse(one, OIAP)
      world.at += 365 * 24 * 60 * MINUTE_MS
      const failure = await check(other, OIAP)
      expect(failure).toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
      expect(failure?.detail.retryAfterSeconds).toBeUndefined()
      expect(await check(one, OIAP)).toBeDefined()
      expect(world.table.dump()[0]?.['sweepAt']).toBeUndefined()
    })

    it('is lifted in every sandbox, within 30 s, by deleting the item', async () => {
      await refuse(one, OIAP)
      expect(await check(other, OIAP)).toBeDefined()
      await world.table.remove(String(world.table.dump()[0]?.['pk']), {}, deadline)
      world.at += 29_999
      expect(await check(one, OIAP)).toBeDefined()
      world.at += 1
      expect([await check(one, OIAP), await check(other, OIAP)]).toEqual([undefined, undefined])
    })

    it('is lifted for all when the credentials turn out to be good', async () => {
      await backOff(one)
      world.at += 5_000
      expect(await check(one)).toBeUndefined()
      await succeed(one, CEC)
      expect([world.table.dump(), await check(one), await check(other)]).toEqual([[], undefined, undefined])
    })

    it('costs the table one look per 30 s and sandbox, and a success nothing', async () => {
      await refuse(one)
      world.table.resetCounters()
      for (let i = 0; i < 100; i++) await check(one)
      expect(world.table.calls().get).toBe(0)
      world.at += 30_000
      await Promise.all([check(one)])
      await check(one)
      expect(world.table.calls().get).toBe(1)
      await succeed(other, account('cec', { tenantSpaceId: 't2' }))
      expect(world.table.calls().remove).toBe(0)
    })

    it('is listed for whoever wants to lift it, with what the vendor said and when', async () => {
      await refuse(one)
      expect(world.table.dump()).toEqual([
        {
          pk: expect.stringMatching(/^3:cec5:block2:t143:[\w-]{43}$/),
          system: 'cec',
          tenantSpaceId: 't1',
          failure: 'credential',
          upstreamStatus: 200,
          upstreamCode: '200800002',
          since: world.at,
          until: world.at + 15 * MINUTE_MS,
          backOffMs: 15 * MINUTE_MS,
          listedIn: 'blocks',
          listedAt: world.at,
          sweepAt: Math.ceil(world.at / 1000) + 15 * 60 + 7 * 24 * 3600,
        },
      ])
    })

    it('shows in a dump no fingerprint as it is in memory', async () => {
      await refuse(one)
      expect(JSON.stringify(world.table.dump())).not.toContain(fingerprint)
      const unkeyed = world.sandbox({ keyed: async (of) => of })
      await refuse(unkeyed)
      expect(JSON.stringify(world.table.dump())).toContain(fingerprint)
    })

    it('counts for nothing when its item says nothing that is known', async () => {
      await refuse(one)
      const pk = String(world.table.dump()[0]?.['pk'])
      await world.table.change(pk, { set: { failure: 'whatever' } }, deadline)
      expect(await check(other)).toBeUndefined()
      await world.table.change(
        pk,
        { set: { failure: 'credential' }, remove: ['upstreamStatus', 'since'] },
        deadline,
      )
      expect(await check(world.sandbox())).toMatchObject({ code: 'UPSTREAM_CREDENTIAL' })
    })
  })

  describe('a refusal without a reason', () => {
    it('is left alone for 5 s, doubling to 60 s', async () => {
      for (const seconds of [5, 10, 20, 40, 60, 60]) {
        await backOff(one)
        expect((await check(one))?.detail.retryAfterSeconds).toBe(seconds)
        world.at += seconds * 1000 - 1
        expect(await check(one)).toMatchObject({ code: 'UPSTREAM_REFUSED' })
        world.at += 1
        expect(await check(one)).toBeUndefined()
      }
    })

    it('doubles also when another sandbox tries', async () => {
      await backOff(one)
      world.at += 5_000
      expect(await check(other)).toBeUndefined()
      await backOff(other)
      expect((await check(world.sandbox()))?.detail.retryAfterSeconds).toBe(10)
    })

    it('begins anew after a success', async () => {
      await backOff(one)
      await backOff(one)
      await succeed(one, CEC)
      await backOff(one)
      expect((await check(other))?.detail.retryAfterSeconds).toBe(5)
    })

    it('lets exactly one of many sandboxes and requests try after each pause', async () => {
      const all = Array.from({ length: 20 }, () => world.sandbox())
      await backOff(one)
      expect(await probers([...all, ...all])).toBe(0)
      world.at += 5_000
      expect(await probers([...all, ...all])).toBe(1)
      world.at += 4_999
      expect(await probers(all)).toBe(0)
      world.at += 1
      expect(await probers(all)).toBe(1)
    })

    it('keeps its beginning through all pauses', async () => {
      const since = world.at
      await backOff(one)
      world.at += 5_000
      await backOff(one)
      expect(world.table.dump()[0]).toMatchObject({ since, listedAt: since })
    })
  })

  describe('a clock that was set back', () => {
    it('does not stretch a pause', async () => {
      await backOff(one)
      world.at -= 60 * MINUTE_MS
      expect((await check(other))?.detail.retryAfterSeconds).toBe(5)
      expect((await check(one))?.detail.retryAfterSeconds).toBe(5)
    })

    it('does not let a sandbox rely on its memory for longer', async () => {
      await refuse(one, OIAP)
      await world.table.remove(String(world.table.dump()[0]?.['pk']), {}, deadline)
      world.at -= 60 * MINUTE_MS
      expect(await check(one, OIAP)).toBeUndefined()
    })
  })

  describe('the memory of a sandbox', () => {
    it('holds a thousand blocks, and asks the table for the rest', async () => {
      for (let number = 0; number <= 1_000; number++)
        await backOff(one, account('cec', { fingerprint: `f${number}` }))
      world.table.resetCounters()
      expect(await check(one, account('cec', { fingerprint: 'f1000' }))).toBeDefined()
      expect(world.table.calls().get).toBe(0)
      expect(await check(one, account('cec', { fingerprint: 'f0' }))).toBeDefined()
      expect(world.table.calls().get).toBe(1)
    })
  })
})
