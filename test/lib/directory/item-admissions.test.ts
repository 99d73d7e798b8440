import { describe, expect, it } from 'vitest'
import { itemReads } from '../../../lib/directory/dynamodb-items.ts'
import { itemAdmissions, itemRevocations } from '../../../lib/directory/item-admissions.ts'
import {
  agentKey,
  copiesOf,
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
const readsOf = (table: ReturnType<typeof fakeTable>, random = () => 0) => {
  const items = itemReads({ ...table, random })
  return { ...itemAdmissions(items), ...itemRevocations(items) }
}

describe('lib/directory/item-admissions: admission', () => {
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

describe('lib/directory/item-admissions: revoked keys', () => {
  it('are asked about by all their copies, each key once', async () => {
    const kids = Array.from({ length: 25 }, (_, i) => `kid-${i}`)
    const table = holding({ pk: revokedKeyKey('kid-0') }, { pk: revokedKeyKey('kid-24') })
    expect([...(await readsOf(table).revokedKeys([...kids, ...kids], AMPLE))]).toEqual(['kid-0', 'kid-24'])
    expect(table.requests.flatMap((input) => keysOf(input).map(({ pk }) => pk))).toEqual(
      kids.flatMap((kid) => copiesOf(revokedKeyKey(kid))),
    )
  })

  it('are found by any copy: the write of the others broke off', async () => {
    const [last = ''] = copiesOf(revokedKeyKey('kid-1')).slice(-1)
    const revoked = await readsOf(holding({ pk: last })).revokedKeys(['kid-1', 'kid-2'], AMPLE)
    expect([...revoked]).toEqual(['kid-1'])
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
