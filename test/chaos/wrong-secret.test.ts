import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../tools/bench/simulate/random.ts'
import { TOKENS_TABLE } from '../support/world.ts'
import { type Case, codes, playCase, type Scene, statuses } from './case.ts'
import { faultsOf, type Row, table } from './judge.ts'
import type { CallReport } from './protocol.ts'
import {
  type ChaosWorld,
  LIFE_MS,
  newWrongSecret,
  PAST_LEASE_MS,
  type Runs,
  startChaosWorld,
} from './world.ts'

/** OIAP locks an account after a few wrong passwords in a row, so eight sandboxes together may try one once. */

const HOUR_MS = 3_600_000
/** Least time between two forced re-reads of a secret, and for how long a sandbox relies on its memory of a block. */
const RECHECK_MS = 30_001

let world: ChaosWorld
const rows: Row[] = []

beforeAll(async () => {
  world = await startChaosWorld()
})
afterAll(async () => {
  console.log(table(rows))
  await world.close()
})

const appKeyOf = (tenant: string): string => `oiap-${tenant}`
const wrongSecrets = ({ tenants }: Scene): number =>
  Math.max(...tenants.map((tenant) => world.vendors.oiap.wrongSecrets(appKeyOf(tenant))))

/** Gives each tenant a password that the vendor does not know. */
const spoil = ({ tenants }: Scene): readonly { readonly appSecret: string }[] =>
  tenants.map((tenant) => {
    const wrong = { appSecret: newWrongSecret() }
    world.putSettings(tenant, 'oiap', wrong)
    return wrong
  })

/** The end of calls, some of which may wait for a lease that could not be given back: its time is made to pass. */
const impatient = async ({ done }: Runs): Promise<readonly CallReport[]> => {
  let isDone = false
  const ended = done.finally(() => {
    isDone = true
  })
  for (;;) {
    await Promise.race([ended, sleep(500)])
    if (isDone) return ended
    if (world.gate.underWay() === 0) await world.pass(PAST_LEASE_MS)
  }
}

const REFUSED = { UPSTREAM_CREDENTIAL: 400 }

const CASES: readonly Omit<Case, 'system' | 'counted'>[] = [
  {
    name: 'a wrong password, and then the right one',
    bound: 2,
    play: async (scene) => {
      spoil(scene)
      expect(codes(await scene.run({}))).toEqual(REFUSED)
      expect(codes(await scene.run({}))).toEqual(REFUSED)
      expect(wrongSecrets(scene)).toBe(1)

      for (const tenant of scene.tenants) world.putSettings(tenant, 'oiap')
      await world.pass(RECHECK_MS)
      expect(statuses(await scene.run({ calls: 1, tenants: scene.tenants.slice(0, 1) }))).toEqual({ 200: 8 })
      expect(statuses(await scene.run({ calls: 1, tenants: scene.tenants.slice(1) }))).toEqual({ 200: 8 })
      expect(statuses(await scene.run({}))).toEqual({ 200: 400 })
      expect([wrongSecrets(scene), scene.fetches()]).toEqual([1, 2])
    },
  },
  {
    name: 'five edits that leave key and password as they are',
    bound: 2,
    play: async (scene) => {
      const wrong = spoil(scene)
      expect(codes(await scene.run({}))).toEqual(REFUSED)
      for (const edit of [
        { overlap: 'kills' },
        { overlap: 'tolerated' },
        { warm: 'always' },
        { warm: 'never' },
        { ca: '-----BEGIN CERTIFICATE-----\nof some authority' },
      ]) {
        for (const [index, tenant] of scene.tenants.entries()) {
          world.putSettings(tenant, 'oiap', { ...wrong[index], ...edit })
        }
        await world.pass(RECHECK_MS)
        expect(codes(await scene.run({}))).toEqual(REFUSED)
      }
      expect(wrongSecrets(scene)).toBe(1)
    },
  },
  {
    name: 'a day, asked by every sandbox in every hour',
    bound: 2,
    play: async (scene) => {
      spoil(scene)
      for (let hour = 0; hour <= 24; hour++) {
        expect(codes(await scene.run({ calls: 2 }))).toEqual({ UPSTREAM_CREDENTIAL: 16 })
        await world.pass(HOUR_MS)
      }
      expect(wrongSecrets(scene)).toBe(1)
    },
  },
  {
    name: 'an operator lifts the block, and the password is still wrong',
    bound: 2,
    play: async (scene) => {
      spoil(scene)
      expect(codes(await scene.run({}))).toEqual(REFUSED)
      for (const tenant of scene.tenants) expect(await liftBlocks(tenant)).toBe(1)
      await world.pass(RECHECK_MS)
      expect(codes(await scene.run({}))).toEqual(REFUSED)
      await world.pass(RECHECK_MS)
      expect(codes(await scene.run({}))).toEqual(REFUSED)
      expect(wrongSecrets(scene)).toBe(2)
    },
  },
  ...(['error', 'lost'] as const).map((kind, index) => ({
    name: `30 % of the calls to the table fail (${kind})`,
    bound: 2,
    play: async (scene: Scene) => {
      spoil(scene)
      world.dynamoDb.fail({ kind, share: 0.3, random: seededRandom(index) })
      for (let round = 0; round < 3; round++) {
        const answers = codes(await impatient(scene.start({})))
        expect(Object.keys(answers).filter((code) => !MAY_BE_SAID.has(code))).toEqual([])
        await world.pass(RECHECK_MS)
      }
    },
  })),
  {
    name: 'the table fails each sandbox for a moment, while the first try is under way',
    bound: 2,
    tenants: 1,
    play: async (scene) => {
      spoil(scene)
      const { dynamoDb, gate, sandboxes } = world
      const hold = gate.hold('asked')
      const runs = [scene.start({ calls: 1 }, sandboxes.slice(0, 1))]
      await hold.reached(1)
      for (const sandbox of sandboxes.slice(1)) {
        // Its first look at the token, which the SDK repeats once. The look for a block would succeed.
        let left = 2
        dynamoDb.fail({ kind: 'error', action: 'GetItem', random: () => (left-- > 0 ? 0 : 1) })
        const [looks, tries] = [dynamoDb.calls('GetItem'), hold.waiting()]
        runs.push(scene.start({ calls: 1 }, [sandbox]))
        // Until it looks again, or is at the vendor too.
        while (dynamoDb.calls('GetItem') < looks + 4 && hold.waiting() === tries) await sleep(10)
      }
      hold.release()
      for (const { done } of runs) expect(codes(await done)).toEqual({ UPSTREAM_CREDENTIAL: 1 })
      expect(wrongSecrets(scene)).toBe(1)
    },
  },
  {
    name: 'the table is down, and nobody knows whether the password is good',
    bound: 0,
    play: async (scene) => {
      spoil(scene)
      world.dynamoDb.fail({ kind: 'error' })
      expect(codes(await scene.run({}))).toEqual({ TOKEN_STORE_UNAVAILABLE: 400 })
      await world.pass(HOUR_MS)
      expect(codes(await scene.run({}))).toEqual({ TOKEN_STORE_UNAVAILABLE: 400 })
    },
  },
  {
    name: 'the table is down, and a password ends with which each sandbox has succeeded',
    bound: 8,
    play: async (scene) => {
      for (const sandbox of world.sandboxes) {
        expect(statuses(await scene.run({ calls: 2 }, [sandbox]))).toEqual({ 200: 2 })
        await world.pass(LIFE_MS)
      }
      expect(scene.fetches()).toBe(8)
      world.dynamoDb.fail({ kind: 'error' })
      for (const tenant of scene.tenants) {
        world.vendors.oiap.putAccount({ appKey: appKeyOf(tenant), appSecret: newWrongSecret() })
      }
      for (let hour = 0; hour < 3; hour++) {
        expect(codes(await scene.run({}))).toEqual(REFUSED)
        expect(wrongSecrets(scene)).toBe(8)
        await world.pass(HOUR_MS)
      }
    },
  },
]

/** With a table that fails now and then: that it failed, or what the vendor or another sandbox has said. */
const MAY_BE_SAID = new Set(['UPSTREAM_CREDENTIAL', 'TOKEN_STORE_UNAVAILABLE', 'UPSTREAM_TIMEOUT'])

/** What an operator's command does. Returns how many blocks there were. */
const liftBlocks = async (tenantSpaceId: string): Promise<number> => {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: world.dynamoDb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
  )
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TOKENS_TABLE }))
  const blocks = Items.filter((item) => item['failure'] && item['tenantSpaceId'] === tenantSpaceId)
  for (const { pk } of blocks) {
    await client.send(new DeleteCommand({ TableName: TOKENS_TABLE, Key: { pk } }))
  }
  client.destroy()
  return blocks.length
}

describe('a wrong password of OIAP is shown at most twice by eight sandboxes', () => {
  for (const one of CASES) {
    it(one.name, async () => {
      const row = await playCase(world, { ...one, system: 'oiap', counted: wrongSecrets })
      rows.push(row)
      expect(row.faults).toEqual([])
    })
  }

  it('and eight times without leases, which the bound tells', async () => {
    const row = await playCase(world, {
      name: 'a wrong password, leases off',
      system: 'oiap',
      bound: 2,
      tenants: 1,
      counted: wrongSecrets,
      play: async (scene) => {
        spoil(scene)
        const hold = world.gate.hold('asked')
        const runs = scene.start({ handler: 'leaselessAppCubeToken' })
        await hold.reached(8)
        hold.release()
        expect(statuses(await runs.done)).toEqual({ 500: 400 })
        expect(world.vendors.oiap.isLocked(appKeyOf(scene.tenants[0] ?? ''))).toBe(true)
      },
    })
    expect(row.faults).toEqual(['counted 8, at most 2 allowed'])
  })

  it('finds one try too many, in each case', () => {
    expect(rows).toHaveLength(CASES.length)
    for (const { bound, evidence } of rows) {
      expect(faultsOf(bound, { ...evidence, counted: bound + 1 })).toEqual([
        `counted ${bound + 1}, at most ${bound} allowed`,
      ])
    }
  })
})
