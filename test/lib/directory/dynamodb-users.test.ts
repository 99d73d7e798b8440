import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Directory, DirectoryKeeper } from '../../../lib/directory/directory.ts'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import { firstEpoch, userKey } from '../../../lib/directory/items.ts'
import { startWorld, TABLE, TENANT, type World } from '../../support/world.ts'
import { AMPLE } from './fake-table.ts'

/** Epoch seconds. */
const AT = 1_800_000_000
const KEPT = AT + 3640

let world: World
let directory: Directory & DirectoryKeeper
let chance = 0
beforeAll(async () => {
  world = await startWorld()
  directory = dynamoDirectory({ table: TABLE, random: () => chance })
})
afterAll(() => world.close())

const item = async (userId: string): Promise<Record<string, unknown> | undefined> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const Key = { pk: userKey(TENANT, userId) }
  return (await client.send(new GetCommand({ TableName: TABLE, Key, ConsistentRead: true }))).Item
}
const put = (userId: string, userName = 'Tom', status: 'active' | 'disabled' = 'active') =>
  directory.putUser({ tenantSpaceId: TENANT, userId, userName, status }, AMPLE)
const remove = (userId: string) =>
  directory.deleteUser({ tenantSpaceId: TENANT, userId, keepUntil: KEPT }, AMPLE)
const provision = (userId: string, userName = 'Tom', at = AT, keepUntil?: number) =>
  directory.provision({ tenantSpaceId: TENANT, userId, userName, at, keepUntil }, AMPLE)
const epochOf = async (userId: string) => (await item(userId))?.['epoch']

describe('lib/directory/dynamodb-users: putUser', () => {
  it('enters a user whose epochs begin anywhere, and writes the same again without ending a token', async () => {
    chance = 0.5
    await put('new')
    const entered = {
      pk: userKey(TENANT, 'new'),
      kind: 'user',
      tenantSpaceId: TENANT,
      userId: 'new',
      userName: 'Tom',
      status: 'active',
      epoch: 2 ** 48,
    }
    expect(await item('new')).toEqual(entered)
    chance = 0.25
    await put('new')
    expect(await item('new')).toEqual(entered)
    chance = 0
  })

  it('begins with an epoch that a token’s claim and a number of JavaScript have room for, raised or not', () => {
    expect(firstEpoch(() => 0)).toBe(0)
    const last = firstEpoch(() => 1 - 2 ** -53)
    expect(String(last)).toHaveLength(15)
    expect(String(last + 1e14)).toHaveLength(15)
  })

  it.each([
    ['another name', () => put('changed', 'Thomas')],
    ['the first name again', () => put('changed')],
    ['disabled', () => put('changed', 'Tom', 'disabled')],
    ['disabled once more', () => put('changed', 'Tom', 'disabled')],
    ['active again', () => put('changed')],
  ])('raises the epoch by one: %s', async (_, change) => {
    if ((await item('changed')) === undefined) await put('changed')
    const before = Number(await epochOf('changed'))
    await change()
    expect(await epochOf('changed')).toBe(before + 1)
  })

  it('raises the epoch of a user whom a caller’s word named last, and takes that mark and the end off', async () => {
    await provision('vouched', 'Tom', AT, KEPT)
    expect(await item('vouched')).toMatchObject({ justInTime: true, expiresAt: KEPT, epoch: 0 })
    await put('vouched')
    expect(await item('vouched')).not.toHaveProperty('justInTime')
    expect(await item('vouched')).not.toHaveProperty('expiresAt')
    expect(await epochOf('vouched')).toBe(1)
  })
})

describe('lib/directory/dynamodb-users: deleteUser', () => {
  it('leaves the epoch alone, raised, and when the table may sweep it', async () => {
    await provision('gone', 'Tom', AT, KEPT + 1)
    await remove('gone')
    const tombstone = {
      pk: userKey(TENANT, 'gone'),
      kind: 'user',
      status: 'deleted',
      epoch: 1,
      expiresAt: KEPT,
    }
    expect(await item('gone')).toEqual(tombstone)
    const { user } = await directory.admission({ tenantSpaceId: TENANT, userId: 'gone' }, AMPLE)
    expect(user).toMatchObject({ status: 'deleted', epoch: 1 })
    await remove('gone')
    expect(await item('gone')).toEqual({ ...tombstone, epoch: 2 })
  })

  it('keeps out whoever was never there and is just being entered by a caller’s word', async () => {
    await remove('early')
    await provision('early')
    expect(await item('early')).toMatchObject({ status: 'deleted' })
  })

  it('is undone by putUser, which keeps the epoch going and takes the end off', async () => {
    await put('back')
    await remove('back')
    await put('back')
    expect(await item('back')).toMatchObject({ userName: 'Tom', userId: 'back', status: 'active', epoch: 2 })
    expect(await item('back')).not.toHaveProperty('expiresAt')
    await remove('back')
    await put('back', 'Tom', 'disabled')
    expect(await item('back')).toMatchObject({ status: 'disabled', epoch: 4 })
    expect(await item('back')).not.toHaveProperty('expiresAt')
  })
})

describe('lib/directory/dynamodb-users: provision', () => {
  it('takes a tombstone that the table sweeps late for a swept one, and keeps its epoch all the same', async () => {
    await put('late')
    await remove('late')
    await provision('late', 'Tom', KEPT)
    expect(await item('late')).toMatchObject({ status: 'deleted' })
    await provision('late', 'Tom', KEPT + 1)
    expect(await item('late')).toMatchObject({ status: 'active', justInTime: true, epoch: 1 })
    expect(await item('late')).not.toHaveProperty('expiresAt')
  })

  it('leaves a disabled user alone, whatever its end', async () => {
    await world.dynamoDb.put(TABLE, [{ ...(await entered('shut')), status: 'disabled', expiresAt: AT }])
    await provision('shut', 'Tim', AT + 1)
    expect(await item('shut')).toMatchObject({ status: 'disabled', userName: 'Tom' })
  })
})

const entered = async (userId: string) => {
  await put(userId)
  return item(userId)
}

describe('lib/directory/dynamodb-users: keepUser', () => {
  const keep = (userId: string, keepUntil?: number) =>
    directory.keepUser({ tenantSpaceId: TENANT, userId, at: AT, keepUntil }, AMPLE)

  it('puts the end of a just-in-time user off, or takes it off, and touches nothing else', async () => {
    await provision('kept', 'Tom', AT, AT + 1)
    const before = await item('kept')
    expect(await keep('kept', AT + 2)).toBe(true)
    expect(await item('kept')).toEqual({ ...before, expiresAt: AT + 2 })
    expect(await keep('kept')).toBe(true)
    const { expiresAt: _, ...endless } = before ?? {}
    expect(await item('kept')).toEqual(endless)
  })

  it.each([
    ['nobody', async () => undefined],
    ['a user of a back end’s', () => put('unkept')],
    ['a deleted user', () => remove('unkept')],
  ])('does nothing, and says so, for %s', async (_, make) => {
    await make()
    const before = await item('unkept')
    expect(await keep('unkept', AT + 2)).toBe(false)
    expect(await item('unkept')).toEqual(before)
  })
})

describe('lib/directory/dynamodb-users: revokeUser', () => {
  it('raises the epoch by one, and refuses a user whom nobody has entered', async () => {
    const user = (userId: string) => ({ tenantSpaceId: TENANT, userId })
    await put('ended')
    await directory.revokeUser(user('ended'), AMPLE)
    expect(await epochOf('ended')).toBe(1)
    await expect(directory.revokeUser(user('nobody'), AMPLE)).rejects.toMatchObject({
      code: 'USER_UNKNOWN',
      detail: { field: 'userId' },
    })
    expect(await item('nobody')).toBeUndefined()
  })
})
