import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, codes, playCase, type Scene, statuses, tokensOf } from './case.ts'
import { faultsOf, type Row, table } from './judge.ts'
import { type ChaosWorld, LOOK_AGAIN_MS, PAST_HARD_MS, PAST_SOFT_MS, startChaosWorld } from './world.ts'

/** Eight processes, fifty requests each, one vendor that counts. */

let world: ChaosWorld
const rows: Row[] = []

beforeAll(async () => {
  world = await startChaosWorld()
})
afterAll(async () => {
  console.log(table(rows))
  await world.close()
})

const play = async (one: Case): Promise<Row> => {
  const row = await playCase(world, one)
  rows.push(row)
  return row
}

const bearersOf = ({ world: { gate }, tenants }: Scene) =>
  gate.bearers.filter(({ tenantSpaceId }) => tenants.includes(tenantSpaceId))

/** The vendor answers nobody until the token of the tenant has been asked for by `askers` processes. */
const together = async (scene: Scene, order: Parameters<Scene['start']>[0], askers: number) => {
  const hold = scene.world.gate.hold('answered')
  const runs = scene.start(order)
  await runs.begun
  await hold.reached(askers)
  hold.release()
  return runs.done
}

describe('400 requests of eight processes for one token', () => {
  it.each([
    ['oiap', 'cold, AppCube token'],
    ['cec', 'cold, AccessToken'],
  ] as const)('fetch it once where nobody has one: %s', async (system, name) => {
    const row = await play({
      name,
      system,
      bound: 1,
      tenants: 1,
      play: async (scene) => {
        const calls = await together(scene, {}, 1)
        expect(statuses(calls)).toEqual({ 200: 400 })
        expect(calls.filter(({ hasFetched }) => hasFetched)).toHaveLength(1)
        if (system === 'oiap') expect(tokensOf(calls)).toHaveLength(1)
        else {
          const bearers = bearersOf(scene)
          expect(bearers).toHaveLength(400)
          expect(new Set(bearers.map(({ sha256 }) => sha256)).size).toBe(1)
        }
        expect(scene.fetches()).toBe(1)
      },
    })
    expect(row.faults).toEqual([])
  })

  it('fetch it once per process without leases, and the bound tells', async () => {
    const row = await playCase(world, {
      name: 'cold, AppCube token, leases off',
      system: 'oiap',
      bound: 1,
      tenants: 1,
      play: async (scene) => {
        const calls = await together(scene, { handler: 'leaselessAppCubeToken' }, 8)
        expect(statuses(calls)).toEqual({ 200: 400 })
      },
    })
    expect(row.evidence.counted).toBe(8)
    expect(row.faults).toEqual(['counted 8, at most 1 allowed'])
    expect(faultsOf(8, row.evidence)).toEqual([])
  })

  it.each(['oiap', 'cec'] as const)(
    'go on with the old one while one of them fetches the next: %s',
    async (system) => {
      const row = await play({
        name: `across an expiry, ${system === 'oiap' ? 'AppCube token' : 'AccessToken'}`,
        system,
        bound: 3,
        tenants: 1,
        play: async (scene) => {
          const { gate } = scene.world
          /** The tokens that these calls got, or went to the vendor with. */
          const used = async (work: Promise<readonly { readonly token?: string }[]>) => {
            const before = bearersOf(scene).length
            const calls = await work
            const bearers = bearersOf(scene).slice(before)
            const tokens = system === 'oiap' ? calls.map(({ token }) => token) : bearers.map((b) => b.sha256)
            return [tokens.length, ...new Set(tokens)]
          }
          const issued = (index: number) =>
            gate.issued.filter(({ tenantSpaceId }) => scene.tenants.includes(tenantSpaceId))[index]?.sha256
          expect(await used(scene.run({}))).toEqual([400, issued(0)])

          await scene.world.pass(PAST_SOFT_MS)
          const hold = gate.hold('answered')
          const runs = scene.start({})
          // Nobody but the one that fetches waits for the vendor.
          expect(await used(runs.ended(399))).toEqual([399, issued(0)])
          await hold.reached(1)
          expect([hold.waiting(), scene.fetches(), runs.soFar().length]).toEqual([1, 2, 399])
          hold.release()
          const calls = await runs.done
          expect([statuses(calls), calls.filter(({ hasFetched }) => hasFetched).length]).toEqual([
            { 200: 400 },
            1,
          ])
          if (system === 'oiap') expect(calls.find(({ hasFetched }) => hasFetched)?.token).toBe(issued(1))

          await scene.world.pass(LOOK_AGAIN_MS)
          await scene.run({ calls: 1 })
          expect(await used(scene.run({}))).toEqual([400, issued(1)])
          expect(scene.fetches()).toBe(2)

          await scene.world.pass(PAST_HARD_MS)
          expect(await used(together(scene, {}, 1))).toEqual([400, issued(2)])
          expect(scene.fetches()).toBe(3)
        },
      })
      expect(row.evidence.counted).toBe(3)
      expect(row.faults).toEqual([])
    },
  )

  it('leave it to the schedule, and eight schedules at a time fetch it once', async () => {
    const row = await play({
      name: 'eight schedules and the requests, when it is due',
      system: 'oiap',
      bound: 2,
      tenants: 1,
      play: async (scene) => {
        await scene.run({ calls: 1 })
        // Two of the schedule's periods before the soft limit.
        await scene.world.pass(PAST_SOFT_MS - 120_000)
        const schedules = scene.start({ handler: 'prewarmTokens', calls: 1 })
        const requests = scene.start({})
        expect(statuses(await requests.done)).toEqual({ 200: 400 })
        expect(statuses(await schedules.done)).toEqual({ 200: 8 })
        expect(scene.fetches()).toBe(2)
      },
    })
    expect(row.faults).toEqual([])
  })
})

describe('a handler that returns', () => {
  it('leaves nothing under way: a request that it leaves behind is found', async () => {
    const row = await playCase(world, {
      name: 'a request left behind',
      system: 'oiap',
      bound: 0,
      play: async (scene) => {
        await scene.run({ handler: 'leavesRequest', calls: 1 }, world.sandboxes.slice(0, 1))
      },
    })
    expect(row.faults).toEqual(['1 × left behind: secrets'])
  })

  it('begins nothing later: a request that is begun after the answer is found', async () => {
    const [sandbox] = world.sandboxes
    const run = sandbox?.run({ handler: 'startsLater', tenants: ['nobody'] })
    await expect(run?.done).rejects.toThrow('begun after the answer: secrets')
  })

  it('has sent as many requests as it needs: none at all for a token in memory', async () => {
    await playCase(world, {
      name: 'from memory',
      system: 'oiap',
      bound: 1,
      tenants: 1,
      play: async (scene) => {
        const some = world.sandboxes.slice(0, 1)
        const [first] = await scene.run({ calls: 1 }, some)
        const [second] = await scene.run({ calls: 1 }, some)
        expect(codes([first, second].flatMap((call) => call ?? []))).toEqual({ APP_CUBE_TOKEN_ISSUED: 2 })
        expect([first?.requests.vendor, first?.requests.table]).toEqual([1, 4])
        expect(second?.requests).toEqual({ table: 0, secrets: 0, vendor: 0 })
      },
    })
  })
})
