import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { keyring } from '../../lib/token-cache/seal.ts'
import { newTokenStoreKey } from '../../tools/local/seeds.ts'
import { expectClean, leaksIn, secret } from '../support/canary.ts'
import { GOOD_BODIES, startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { callersSecret, contextWith, eventOf, PREFIX, TOKENS_TABLE } from '../support/world.ts'

/** What somebody can do with the table alone: read all of it, and move its parts about. */

const TENANTS = Array.from({ length: 52 }, (_, index) => `tenant-${index}`)
const SYSTEMS = ['appCubeToken', 'applyToken'] as const

type Item = Record<string, unknown> & { readonly pk: string }

let world: VendorWorld
let client: DynamoDBDocumentClient
let at: number
let key: { readonly key: string }

beforeAll(async () => {
  at = Date.now()
  world = await startVendorWorld({ now: () => new Date(at) })
  client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: TENANTS }]),
  )
  newKey()
  for (const tenant of TENANTS) {
    world.vendors.addTenant(tenant)
    for (const system of ['cec', 'oiap'] as const) world.putSettings(system, {}, tenant)
  }
})
afterAll(() => {
  client.destroy()
  return world.close()
})

const newKey = (): void => {
  key = { key: secret('token store key', newTokenStoreKey()) }
  world.secretsManager.put(`${PREFIX}/token-store-key`, key)
}

/** Sandboxes that have just started. Returns the AppCube token, or that the chat token was issued. */
const newSandboxes = async () => {
  const now = () => new Date(at)
  const handlers = {
    appCubeToken: await world.fresh('appCubeToken', { now }),
    applyToken: await world.fresh('applyToken', { now }),
  }
  return async (system: (typeof SYSTEMS)[number], tenant: string): Promise<string> => {
    const body = system === 'applyToken' ? GOOD_BODIES.applyToken : { appKey: `oiap-${tenant}` }
    const headers = { ...world.authorization, 'x-tenant-space-id': tenant }
    const answer = await handlers[system](eventOf({ headers, body }), contextWith())
    expect(answer.statusCode).toBe(200)
    return JSON.parse(answer.body).authToken ?? 'issued'
  }
}

const askAll = async (): Promise<void> => {
  const ask = await newSandboxes()
  // A few at a time: a table on a busy laptop is slow, and a slow one counts as down.
  for (let from = 0; from < TENANTS.length; from += 8) {
    const some = TENANTS.slice(from, from + 8)
    await Promise.all(some.flatMap((tenant) => SYSTEMS.map((system) => ask(system, tenant))))
  }
}

const fetches = () => world.vendors.oiap.calls('getAppCubeToken') + world.vendors.cec.calls('tokenByAkSk')
const counted = async (work: () => Promise<unknown>): Promise<number> => {
  const before = fetches()
  await work()
  return fetches() - before
}

/** The whole table. Production code has no way to do this, and no permission. */
const dump = async (): Promise<Item[]> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TOKENS_TABLE }))
  return Items as Item[]
}
const itemsOf = async (system: string, ...tenants: readonly string[]): Promise<Item[]> => {
  const items = await dump()
  return tenants.flatMap((tenant) =>
    items.filter((item) => item['system'] === system && item['tenantSpaceId'] === tenant && item['sealed']),
  )
}
const put = (item: Item) => client.send(new PutCommand({ TableName: TOKENS_TABLE, Item: item }))

describe('a dump of the tokens table', () => {
  it('holds no token, key or password in any spelling, and each sealed value opens with the key', async () => {
    expect(await counted(askAll)).toBe(2 * TENANTS.length)
    const items = await dump()
    const sealed = items.filter((item) => item['sealed'])
    expect(sealed).toHaveLength(2 * TENANTS.length)
    const ring = keyring(key)
    for (const { pk, sealed: value, generation, issuedAt, expiresAt } of sealed) {
      const opened = await ring.open(pk, String(value))
      expect(opened).toMatchObject({ generation, issuedAt, expiresAt })
      secret('stored machine token', opened?.token ?? '')
    }
    const text = JSON.stringify(items)
    expectClean('the table', text)
    expectClean('the log', JSON.stringify(world.lines))
    // The search itself: one of these tokens would be found, also within a longer text.
    const [first] = sealed
    const token = (await ring.open(first?.pk ?? '', String(first?.['sealed'])))?.token
    expect(leaksIn(`${text} ${Buffer.from(`x${token}`).toString('base64')}`)).not.toEqual([])
  })

  it('is of no use under another key', async () => {
    const ring = keyring({ key: secret('another key', newTokenStoreKey()) })
    const items = (await dump()).filter((item) => item['sealed'])
    const opened = await Promise.all(items.map(({ pk, sealed }) => ring.open(pk, String(sealed))))
    expect(opened.filter((one) => one !== undefined)).toEqual([])
  })
})

/** Of these, an item's own copy is sealed with the token, or the item's key is. */
const CHANGES: readonly [string, (item: Item, other: Item) => Item][] = [
  ['the sealed value of another tenant', (item, other) => ({ ...item, sealed: other['sealed'] })],
  ['everything of another tenant but its key', ({ pk }, other) => ({ ...other, pk })],
  ['a later end', (item) => ({ ...item, expiresAt: Number(item['expiresAt']) + 3_600_000 })],
  ['another generation', (item) => ({ ...item, generation: Number(item['generation']) + 1 })],
  ['a generation that is none', (item) => ({ ...item, generation: 'first' })],
  ['a text in place of what was sealed', (item) => ({ ...item, sealed: 'a.b.c.d.e' })],
]

describe.each([
  ['oiap', 'appCubeToken'],
  ['cec', 'applyToken'],
] as const)('two stored tokens of %s', (system, handler) => {
  it.each(CHANGES)('that were given %s count as absent, are reported and fetched anew', async (_, change) => {
    const tenants = TENANTS.slice(0, 2)
    const [one, two] = await itemsOf(system, ...tenants)
    if (one === undefined || two === undefined) throw new Error('expected two items')
    await put(change(one, two))
    await put(change(two, one))
    const linesBefore = world.lines.length
    const ask = await newSandboxes()
    const asked = () => Promise.all(tenants.map((tenant) => ask(handler, tenant)))
    expect(await counted(asked)).toBe(2)
    const rejected = world.lines.slice(linesBefore).filter(({ code }) => code === 'STORED_TOKEN_REJECTED')
    expect(new Set(rejected.map(({ system }) => system))).toEqual(new Set([system]))
    expect(rejected.length).toBeGreaterThanOrEqual(2)

    // What was fetched is in their place, and is shared again.
    const again = await newSandboxes()
    expect(await counted(() => Promise.all(tenants.map((tenant) => again(handler, tenant))))).toBe(0)
  })
})

describe('another token store key', () => {
  it('makes all tokens be fetched once more, and fails nobody', async () => {
    newKey()
    expect(await counted(askAll)).toBe(2 * TENANTS.length)
    expect(await counted(askAll)).toBe(0)
  })
})
