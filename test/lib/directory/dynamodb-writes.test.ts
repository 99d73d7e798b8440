import { describe, expect, it } from 'vitest'
import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import { directoryWrites } from '../../../lib/directory/dynamodb-writes.ts'
import { copiesOf, revokedKeyKey, revokedTokenKey, tenantKey } from '../../../lib/directory/items.ts'
import { AMPLE, type FakeTable, fakeTable, TABLE } from './fake-table.ts'

const TOM = { tenantSpaceId: '1', userId: 'tom', userName: 'Tom' }
const refusing = (error: Error) =>
  fakeTable(() => {
    throw error
  })
const writesOf = (table: FakeTable) => directoryWrites({ ...table, random: () => 0 })

describe('lib/directory/dynamodb-writes: what else ends tokens', () => {
  it('is the epoch of a tenant, which needs no item before', async () => {
    const table = fakeTable()
    await writesOf(table).revokeTenant('1', AMPLE)
    expect(table.requests[0]).toMatchObject({
      Key: { pk: tenantKey('1') },
      UpdateExpression: 'ADD #epoch :one',
    })
    expect(table.requests[0]).not.toHaveProperty('ConditionExpression')
  })

  it('is the item of a token, which the table may sweep once no such token can live', async () => {
    const table = fakeTable()
    const token = { tenantSpaceId: '1', jti: 'jti-jti-jti-jti-1', keepUntil: 1_800_000_000 }
    await writesOf(table).revokeToken(token, AMPLE)
    const Item = { pk: revokedTokenKey('1', token.jti), expiresAt: token.keepUntil }
    expect(table.requests).toEqual([{ TableName: TABLE, Item }])
  })

  it('is the item of a key in all its copies, the first before all others, which nothing ever sweeps', async () => {
    const table = fakeTable()
    await writesOf(table).revokeKey('kid-1', AMPLE)
    const items = copiesOf(revokedKeyKey('kid-1')).map((pk) => ({ TableName: TABLE, Item: { pk } }))
    expect(table.requests).toEqual(items)
    expect(items).toHaveLength(16)
  })

  it('is an outage where one copy of a key could not be written; done again, it is done', async () => {
    let isDown = true
    const written = new Set<string>()
    const table = fakeTable((input) => {
      const { pk } = input['Item'] as { pk: string }
      if (isDown && pk === copiesOf(revokedKeyKey('kid-1'))[7]) throw new Error('down')
      written.add(pk)
      return {}
    })
    const { revokeKey } = writesOf(table)
    await expect(revokeKey('kid-1', AMPLE)).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
    expect(written.size).toBe(15)
    isDown = false
    await revokeKey('kid-1', AMPLE)
    expect([...written].toSorted()).toEqual([...copiesOf(revokedKeyKey('kid-1'))].toSorted())
  })

  it('writes no copy of a key where the first could not be written', async () => {
    const table = fakeTable(() => {
      throw new Error('down')
    })
    const { revokeKey } = writesOf(table)
    await expect(revokeKey('kid-1', AMPLE)).rejects.toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
    expect(table.requests).toHaveLength(1)
  })
})

type Writes = ReturnType<typeof directoryWrites>
const EVERY_WRITE: readonly [string, (writes: Writes, deadline: Deadline) => Promise<void>][] = [
  ['provision', (writes, deadline) => writes.provision({ ...TOM, at: 1 }, deadline)],
  [
    'keepUser',
    async (writes, deadline) => {
      await writes.keepUser({ ...TOM, at: 1, keepUntil: 2 }, deadline)
    },
  ],
  ['putUser', (writes, deadline) => writes.putUser({ ...TOM, status: 'active' }, deadline)],
  ['deleteUser', (writes, deadline) => writes.deleteUser({ ...TOM, keepUntil: 2 }, deadline)],
  ['revokeUser', (writes, deadline) => writes.revokeUser(TOM, deadline)],
  ['revokeTenant', (writes, deadline) => writes.revokeTenant('1', deadline)],
  [
    'revokeToken',
    (writes, deadline) => writes.revokeToken({ tenantSpaceId: '1', jti: 'x', keepUntil: 1 }, deadline),
  ],
  ['revokeKey', (writes, deadline) => writes.revokeKey('kid-1', deadline)],
  ['retireKey', (writes, deadline) => writes.retireKey('kid-1', 1_800_000_000, deadline)],
]

describe('lib/directory/dynamodb-writes: a table that cannot be asked', () => {
  it.each(EVERY_WRITE)('is DIRECTORY_UNAVAILABLE for %s, with what failed', async (_, write) => {
    const outage = Object.assign(new Error('x'), { name: 'ThrottlingException' })
    await expect(write(writesOf(refusing(outage)), AMPLE)).rejects.toMatchObject({
      code: 'DIRECTORY_UNAVAILABLE',
      detail: { reason: 'ThrottlingException' },
    })
    await expect(write(writesOf(fakeTable()), AMPLE)).resolves.toBeUndefined()
  })

  it.each(EVERY_WRITE)('ends %s at the deadline, though it heeds no signal', async (_, write) => {
    const deaf = writesOf(fakeTable(() => new Promise<never>(() => undefined)))
    await expect(write(deaf, { remainingMs: () => 20 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })
})
