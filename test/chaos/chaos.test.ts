import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../tools/bench/simulate/random.ts'
import { type Case, codes, playCase, statuses, tokensOf } from './case.ts'
import { faultsOf, type Row, table } from './judge.ts'
import {
  type ChaosWorld,
  LOOK_AGAIN_MS,
  PAST_HARD_MS,
  PAST_LEASE_MS,
  PAST_SOFT_MS,
  startChaosWorld,
} from './world.ts'

/**
 * Sandboxes that die, stall, disagree about the time or lose their table, and vendors that fail. Whatever happens:
 * no expired token, none of another tenant, no failure while there is a good token, and few calls at the vendor.
 */

let world: ChaosWorld
const rows: Row[] = []

beforeAll(async () => {
  world = await startChaosWorld()
})
afterAll(async () => {
  console.log(table(rows))
  await world.close()
})

const holder = () => world.sandboxes.slice(0, 1)
const others = () => world.sandboxes.slice(1)
const SKEW_MS = [-2_500, -1_800, -1_100, -400, 400, 1_100, 1_800, 2_500]

const CASES: readonly (Case & { readonly counts?: number })[] = [
  {
    name: 'the holder of the lease is killed in the middle of its fetch',
    system: 'oiap',
    bound: 2,
    counts: 2,
    play: async ({ start, tenants }) => {
      const hold = world.gate.hold('answered', 2)
      start({ calls: 2 }, holder())
      await hold.reached(2)
      const waiting = start({}, others())
      await waiting.begun
      await world.sandboxes[0]?.kill()
      hold.release()
      await world.pass(PAST_LEASE_MS)
      const calls = await waiting.done
      expect([statuses(calls), tokensOf(calls).length]).toEqual([{ 200: 350 }, tenants.length])
    },
  },
  {
    name: 'the holder stalls until 10 s after the end of its lease',
    system: 'oiap',
    bound: 2,
    counts: 2,
    play: async ({ start, tenants }) => {
      const hold = world.gate.hold('answered', 2)
      const stalled = start({ calls: 2 }, holder())
      await hold.reached(2)
      world.sandboxes[0]?.stop()
      const calm = sleep(20_000)
      const calls = await start({}, others()).done
      await calm
      hold.release()
      world.sandboxes[0]?.goOn()
      const all = [...calls, ...(await stalled.done)]
      expect([statuses(all), tokensOf(all).length]).toEqual([{ 200: 352 }, tenants.length])
    },
  },
  {
    name: '30 % of the calls to the table fail, cold and across an expiry',
    system: 'cec',
    bound: 8,
    play: async ({ run }) => {
      world.dynamoDb.fail({ kind: 'error', share: 0.3, random: seededRandom(1) })
      const cold = await run({})
      await world.pass(PAST_SOFT_MS)
      const renewed = await run({})
      await world.pass(LOOK_AGAIN_MS)
      const later = await run({})
      expect(statuses([...cold, ...renewed, ...later])).toEqual({ 200: 1200 })
    },
  },
  {
    name: '30 % of the answers of the table are lost',
    system: 'cec',
    bound: 8,
    play: async ({ run }) => {
      world.dynamoDb.fail({ kind: 'lost', share: 0.3, random: seededRandom(2) })
      expect(statuses(await run({}))).toEqual({ 200: 400 })
    },
  },
  {
    name: 'clocks from 2.5 s behind to 2.5 s ahead',
    system: 'oiap',
    bound: 1,
    counts: 1,
    play: async ({ start, run, tenants }) => {
      await world.spread(SKEW_MS)
      const hold = world.gate.hold('answered')
      const runs = start({})
      await hold.reached(tenants.length)
      await sleep(1_000)
      hold.release()
      expect(tokensOf([...(await runs.done), ...(await run({}))])).toHaveLength(tenants.length)
    },
  },
  {
    name: 'the same across an expiry, from 5 s behind to 5 s ahead',
    system: 'oiap',
    bound: 2,
    counts: 2,
    play: async ({ run }) => {
      await world.spread(SKEW_MS.map((ms) => 2 * ms))
      await run({})
      await world.pass(PAST_SOFT_MS)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
      await world.pass(LOOK_AGAIN_MS)
      await run({})
      await world.pass(LOOK_AGAIN_MS)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
    },
  },
  {
    name: 'key and password change while the first token is being fetched',
    system: 'oiap',
    bound: 2,
    counts: 2,
    play: async ({ start, run, tenants }) => {
      const hold = world.gate.hold('asked')
      const runs = start({})
      await hold.reached(tenants.length)
      for (const tenant of tenants) {
        world.vendors.changeSecret(tenant, 'oiap')
        world.putSettings(tenant, 'oiap')
      }
      hold.release()
      // Those who have heard of a refusal share one reading of the new settings, and try with those.
      expect(statuses(await runs.done)).toEqual({ 200: 400 })
      expect(statuses(await run({}))).toEqual({ 200: 400 })
    },
  },
  {
    name: 'they change while a token is renewed that is still good',
    system: 'oiap',
    // The first token, a try with what is no longer good, and the token of the new settings.
    bound: 3,
    counts: 3,
    play: async ({ start, run, tenants }) => {
      const [old] = [tokensOf(await run({}))]
      await world.pass(PAST_SOFT_MS)
      const hold = world.gate.hold('asked')
      const runs = start({})
      await hold.reached(tenants.length)
      for (const tenant of tenants) {
        world.vendors.changeSecret(tenant, 'oiap')
        world.putSettings(tenant, 'oiap')
      }
      hold.release()
      const kept = await runs.done
      expect([statuses(kept), new Set(tokensOf(kept))]).toEqual([{ 200: 400 }, new Set(old)])
      // A secret is read again after five minutes; the token would not have lived as long.
      await world.pass(LOOK_AGAIN_MS)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
      await world.pass(300_000)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
    },
  },
  {
    name: 'the vendor is down for a minute, across an expiry',
    system: 'oiap',
    // Tokens, that is: a call that fails is repeated.
    bound: 2,
    counts: 2,
    counted: ({ issued }) => issued(),
    play: async ({ run }) => {
      await run({})
      await world.pass(PAST_HARD_MS - 30_000)
      world.vendors.oiap.fail({ fault: 'status-500', times: 'always' })
      expect(statuses(await run({}))).toEqual({ 200: 400 })
      await world.pass(20_000)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
      await world.pass(20_000)
      expect(codes(await run({}))).toEqual({ UPSTREAM_UNAVAILABLE: 400 })
      await world.pass(20_000)
      world.vendors.oiap.clearFaults()
      expect(statuses(await run({}))).toEqual({ 200: 400 })
    },
  },
  {
    name: 'the table cannot be read, cold',
    system: 'cec',
    bound: 8,
    counts: 8,
    play: async ({ run }) => {
      world.dynamoDb.fail({ kind: 'error' })
      expect(statuses([...(await run({})), ...(await run({}))])).toEqual({ 200: 800 })
    },
  },
  {
    name: 'the table does not answer, cold',
    system: 'cec',
    bound: 8,
    counts: 8,
    play: async ({ run }) => {
      world.dynamoDb.fail({ kind: 'hang' })
      expect(statuses([...(await run({})), ...(await run({}))])).toEqual({ 200: 800 })
    },
  },
  {
    name: 'the table cannot be read, across an expiry',
    system: 'cec',
    bound: 9,
    counts: 9,
    play: async ({ run, fetches }) => {
      await run({})
      world.dynamoDb.fail({ kind: 'error' })
      await world.pass(PAST_SOFT_MS)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
      expect(fetches()).toBe(1)
      await world.pass(PAST_HARD_MS - PAST_SOFT_MS)
      expect(statuses(await run({}))).toEqual({ 200: 400 })
    },
  },
]

describe('eight sandboxes with two tenants', () => {
  for (const one of CASES) {
    it(one.name, async () => {
      const row = await playCase(world, one)
      rows.push(row)
      expect(row.faults).toEqual([])
      if (one.counts !== undefined) expect(row.evidence.counted).toBe(one.counts)
    })
  }
})

describe('the judgement of a case', () => {
  it('finds one call too many, in each case', () => {
    expect(rows).toHaveLength(CASES.length)
    for (const { bound, evidence } of rows) {
      const faults = faultsOf(bound, { ...evidence, counted: bound + 1 })
      expect(faults).toContain(`counted ${bound + 1}, at most ${bound} allowed`)
    }
  })

  it('finds an expired token, one of another tenant, one from nowhere and a needless failure, in each case', () => {
    for (const { bound, evidence } of rows) {
      const [call] = evidence.calls
      const [token] = evidence.issued.filter(({ deliveredAt }) => deliveredAt !== undefined)
      if (call === undefined || token === undefined) throw new Error('a case without calls')
      const { tenantSpaceId, sha256, deliveredAt = 0 } = token
      const at = deliveredAt + 1
      const good = { ...call, tenantSpaceId, token: sha256, status: 200, startedAt: at, endedAt: at }
      const judged = (changed: object) =>
        faultsOf(bound, { ...evidence, calls: [{ ...good, ...changed }], bearers: [] })
      expect(judged({})).toEqual([])
      expect(judged({ endedAt: at + PAST_HARD_MS + 60_000 })).toEqual(['1 × an expired token'])
      expect(judged({ tenantSpaceId: 'another' })).toEqual(['1 × a token of another tenant'])
      expect(judged({ token: 'made up' })).toEqual(['1 × a token that was never issued'])
      expect(judged({ token: undefined, status: 503, code: 'X' })).toEqual([
        '1 × failed with X although there was a good token',
      ])
      expect(judged({ pending: ['vendor'] })).toEqual(['1 × left behind: vendor'])
    }
  })
})
