import { describe, expect, it } from 'vitest'
import { directoryReads } from '../../../lib/directory/dynamodb-reads.ts'
import {
  agentKey,
  revokedKeyKey,
  revokedTokenKey,
  tenantKey,
  userItem,
  userKey,
} from '../../../lib/directory/items.ts'
import { AMPLE, fakeTable, TABLE } from './fake-table.ts'

const TENANT = '1'
const ASKED = { tenantSpaceId: TENANT, userId: 'tom', jti: 'jti-jti-jti-jti-1', kid: 'kid-1' }
const TOM = userItem({ tenantSpaceId: TENANT, userId: 'tom', userName: 'Tom', status: 'active', epoch: 2 })

type Keys = readonly { readonly pk: string; readonly endsAt?: number }[]
const keysOf = (input: Record<string, unknown>): Keys =>
  (input as { RequestItems: Record<string, { Keys: Keys }> }).RequestItems[TABLE]?.Keys ?? []

/** A table of these items, each with at least its key. */
const holding = (...items: readonly { readonly pk: string; readonly endsAt?: number }[]) =>
  fakeTable((input) => {
    const asked = new Set(keysOf(input).map(({ pk }) => pk))
    return { Responses: { [TABLE]: items.filter(({ pk }) => asked.has(pk)) } }
  })
const readsOf = (table: ReturnType<typeof fakeTable>, random = () => 0) =>
  directoryReads({ ...table, random })

describe('lib/directory/dynamodb-reads: admission', () => {
  it('is one consistent read: revocation rests on it, and an emulator would be consistent anyway', async () => {
    const table = holding(TOM)
    await readsOf(table).admission(ASKED, AMPLE)
    const pks = [
      userKey(TENANT, 'tom'),
      tenantKey(TENANT),
      revokedTokenKey(TENANT, ASKED.jti),
      revokedKeyKey('kid-1'),
    ]
    expect(table.requests).toEqual([
      { RequestItems: { [TABLE]: { Keys: pks.map((pk) => ({ pk })), ConsistentRead: true } } },
    ])
  })

  it('reads of an agent its epoch, and nothing of a user of that id', async () => {
    const asked = { ...ASKED, kind: 'agent' } as const
    const agent = { pk: agentKey(TENANT, 'tom'), epoch: 3 }
    const nobody = { user: undefined, tenantEpoch: 0, isTokenRevoked: false, isKeyRevoked: false }
    expect(await readsOf(holding(TOM, agent)).admission(asked, AMPLE)).toEqual({ ...nobody, agentEpoch: 3 })
    expect(await readsOf(holding(TOM)).admission(asked, AMPLE)).toEqual({ ...nobody, agentEpoch: 0 })
  })

  it('asks for no token and no key that nobody named', async () => {
    const table = holding(TOM)
    await readsOf(table).admission({ tenantSpaceId: TENANT, userId: 'tom' }, AMPLE)
    expect(table.requests.map((input) => keysOf(input).length)).toEqual([2])
  })

  it('takes absent items for unknown, epoch 0 and not revoked', async () => {
    expect(await readsOf(holding()).admission(ASKED, AMPLE)).toEqual({
      user: undefined,
      tenantEpoch: 0,
      isTokenRevoked: false,
      isKeyRevoked: false,
    })
  })

  it.each([
    ['a user', TOM, { user: { userName: 'Tom', status: 'active', epoch: 2 } }],
    ['a tenant’s epoch', { pk: tenantKey(TENANT), epoch: 7 }, { tenantEpoch: 7 }],
    ['a revoked token', { pk: revokedTokenKey(TENANT, ASKED.jti) }, { isTokenRevoked: true }],
    ['a revoked key', { pk: revokedKeyKey('kid-1') }, { isKeyRevoked: true }],
    [
      'a retired key’s end',
      { pk: revokedKeyKey('kid-1'), endsAt: 1_800_000_000 },
      { isKeyRevoked: false, keyEndsAt: 1_800_000_000 },
    ],
  ])('finds %s', async (_, item, found) => {
    expect(await readsOf(holding(item)).admission(ASKED, AMPLE)).toMatchObject(found)
  })

  it.each([
    ['a negative epoch', { ...TOM, epoch: -1 }, 'epoch'],
    ['a status of no meaning', { ...TOM, status: 'on leave' }, 'status'],
    ['a tenant without an epoch', { pk: tenantKey(TENANT) }, 'epoch'],
    ['a key that ends before all time', { pk: revokedKeyKey('kid-1'), endsAt: 0 }, 'endsAt'],
  ])('refuses %s rather than guess', async (_, item, field) => {
    await expect(readsOf(holding(item)).admission(ASKED, AMPLE)).rejects.toMatchObject({
      code: 'DIRECTORY_MALFORMED',
      detail: { field },
    })
  })
})

describe('lib/directory/dynamodb-reads: a batch that is answered in part', () => {
  it('is asked again for the rest', async () => {
    const table = fakeTable((input) => {
      const [, ...rest] = keysOf(input)
      return table.requests.length === 1
        ? { Responses: { [TABLE]: [TOM] }, UnprocessedKeys: { [TABLE]: { Keys: rest } } }
        : { Responses: { [TABLE]: [] } }
    })
    expect((await readsOf(table).admission(ASKED, AMPLE)).user?.epoch).toBe(2)
    expect(table.requests.map((input) => keysOf(input).length)).toEqual([4, 3])
  })

  it('is an outage after three tries, never half an answer', async () => {
    const table = fakeTable((input) => ({ UnprocessedKeys: { [TABLE]: { Keys: keysOf(input) } } }))
    await expect(readsOf(table).admission(ASKED, AMPLE)).rejects.toMatchObject({
      code: 'DIRECTORY_UNAVAILABLE',
      detail: { reason: 'UnprocessedKeys' },
    })
    expect(table.requests).toHaveLength(3)
  })

  it('is given up in the pause before the next try when the deadline comes', async () => {
    const table = fakeTable((input) => ({ UnprocessedKeys: { [TABLE]: { Keys: keysOf(input) } } }))
    const reads = readsOf(table, () => 0.999)
    await expect(reads.admission(ASKED, { remainingMs: () => 20 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    expect(table.requests).toHaveLength(1)
  })
})

describe('lib/directory/dynamodb-reads: the deadline', () => {
  it('ends a call that heeds no signal, as in the SDK’s own pauses', async () => {
    const deaf = fakeTable(() => new Promise<never>(() => undefined))
    const soon = { remainingMs: () => 20 }
    await expect(readsOf(deaf).admission(ASKED, soon)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await expect(readsOf(deaf).revokedKeys(['kid-1'], soon)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
  })
})

describe('lib/directory/dynamodb-reads: revoked keys', () => {
  it('are asked about in batches of a hundred, each once', async () => {
    const kids = Array.from({ length: 205 }, (_, i) => `kid-${i}`)
    const table = holding({ pk: revokedKeyKey('kid-0') }, { pk: revokedKeyKey('kid-204') })
    expect([...(await readsOf(table).revokedKeys([...kids, ...kids], AMPLE))]).toEqual(['kid-0', 'kid-204'])
    expect(table.requests.map((input) => keysOf(input).length)).toEqual([100, 100, 5])
  })

  it('are told from retired ones, whose ends are known as well', async () => {
    const table = holding(
      { pk: revokedKeyKey('kid-0') },
      { pk: revokedKeyKey('kid-1'), endsAt: 1_800_000_000 },
    )
    const kids = ['kid-0', 'kid-1', 'kid-2']
    expect([...(await readsOf(table).revokedKeys(kids, AMPLE))]).toEqual(['kid-0'])
    expect([...(await readsOf(table).keyEnds(kids, AMPLE))]).toEqual([
      ['kid-0', 0],
      ['kid-1', 1_800_000_000],
    ])
  })

  it('are none where none is asked about, without a call', async () => {
    const table = holding()
    expect(await readsOf(table).revokedKeys([], AMPLE)).toEqual(new Set())
    expect(table.requests).toEqual([])
  })
})
