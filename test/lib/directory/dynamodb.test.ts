import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Directory, DirectoryKeeper, KeyRevocations } from '../../../lib/directory/directory.ts'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import { revokedKeyKey, revokedTokenKey, tenantKey, userItem } from '../../../lib/directory/items.ts'
import { startWorld, TABLE, TENANT, USER, type World } from '../../support/world.ts'

let world: World
let directory: Directory & DirectoryKeeper & KeyRevocations
const deadline = { remainingMs: () => 5_000 }

beforeAll(async () => {
  world = await startWorld()
  directory = dynamoDirectory({ table: TABLE, random: () => 0 })
})
afterAll(() => world.close())

const asked = { tenantSpaceId: TENANT, userId: USER.userId, jti: 'jti-jti-jti-jti-1' }

describe('lib/directory/dynamodb: admission', () => {
  it('finds a user, and takes absent items for epoch 0 and not revoked', async () => {
    expect(await directory.admission(asked, deadline)).toEqual({
      user: expect.objectContaining({ userName: 'Tom', status: 'active', epoch: 0 }),
      tenantEpoch: 0,
      isTokenRevoked: false,
      isKeyRevoked: false,
    })
  })

  it('finds the tenant epoch and a revoked token in the same read', async () => {
    const jti = 'jti-jti-jti-jti-2'
    await world.dynamoDb.put(TABLE, [
      { pk: tenantKey('t2'), kind: 'tenant', tenantSpaceId: 't2', epoch: 7 },
      { pk: revokedTokenKey('t2', jti), kind: 'revoked-token', expiresAt: 1 },
    ])
    expect(await directory.admission({ tenantSpaceId: 't2', userId: 'u', jti }, deadline)).toEqual({
      user: undefined,
      tenantEpoch: 7,
      isTokenRevoked: true,
      isKeyRevoked: false,
    })
  })

  it('reads a name in form NFC, whatever form the item has', async () => {
    await world.putUser({ userId: 'apart', userName: '\u099c\u09df' })
    const { user } = await directory.admission({ tenantSpaceId: TENANT, userId: 'apart' }, deadline)
    expect(user).toMatchObject({ userName: '\u099c\u09af\u09bc' })
  })

  it('refuses an item that it does not understand', async () => {
    await world.dynamoDb.put(TABLE, [
      {
        ...userItem({ tenantSpaceId: TENANT, userId: 'odd', userName: 'Odd', status: 'active', epoch: 0 }),
        epoch: -1,
      },
    ])
    await expect(
      directory.admission({ tenantSpaceId: TENANT, userId: 'odd' }, deadline),
    ).rejects.toMatchObject({
      code: 'DIRECTORY_MALFORMED',
      detail: { field: 'epoch' },
    })
  })

  it('gives up at the deadline when no answer comes', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 })
    const deaf = dynamoDirectory({
      table: TABLE,
      random: () => 0,
      client: DynamoDBDocumentClient.from(client),
    })
    const endsAt = performance.now() + 80
    const short = { remainingMs: () => Math.max(0, endsAt - performance.now()) }
    await expect(deaf.admission(asked, short)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    client.destroy()
    silent.close()
  })
})

describe('lib/directory/dynamodb: a tenant', () => {
  it('needs of a tenant item nothing but the epoch that `ADD epoch :1` makes', async () => {
    await world.dynamoDb.put(TABLE, [{ pk: tenantKey('added'), epoch: 1 }])
    expect((await directory.admission({ tenantSpaceId: 'added', userId: 'u' }, deadline)).tenantEpoch).toBe(1)
  })
})

describe('lib/directory/dynamodb: revoked keys', () => {
  it('finds a revoked key in the same read, and says nothing of one that nobody asked about', async () => {
    await directory.revokeKey('kid-1', deadline)
    expect(await directory.admission({ ...asked, kid: 'kid-1' }, deadline)).toMatchObject({
      isKeyRevoked: true,
      isTokenRevoked: false,
    })
    expect((await directory.admission({ ...asked, kid: 'kid-2' }, deadline)).isKeyRevoked).toBe(false)
    expect((await directory.admission(asked, deadline)).isKeyRevoked).toBe(false)
  })

  it('tells which of many are revoked, asked in batches, each once', async () => {
    const kids = Array.from({ length: 205 }, (_, i) => `many-${i}`)
    for (const kid of ['many-0', 'many-99', 'many-100', 'many-204']) await directory.revokeKey(kid, deadline)
    await directory.revokeKey('many-0', deadline)
    expect([...(await directory.revokedKeys([...kids, ...kids], deadline))]).toEqual([
      'many-0',
      'many-99',
      'many-100',
      'many-204',
    ])
    expect(await directory.revokedKeys([], deadline)).toEqual(new Set())
  })

  it('never ends a revocation: the item has nothing that the table could sweep it by', async () => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
    await directory.revokeKey('kid-3', deadline)
    const pk = revokedKeyKey('kid-3')
    const { Item } = await client.send(new GetCommand({ TableName: TABLE, Key: { pk } }))
    expect(Item).toEqual({ pk: '11:revoked-key5:kid-3' })
  })

  it('gives a key one end, which a revocation alone shortens, and nothing lengthens', async () => {
    const endOf = async (kid: string) => (await directory.keyEnds([kid], deadline)).get(kid)
    expect(await endOf('kid-4')).toBeUndefined()
    await directory.retireKey('kid-4', 1_800_000_000, deadline)
    await directory.retireKey('kid-4', 1_900_000_000, deadline)
    expect(await endOf('kid-4')).toBe(1_800_000_000)
    expect(await directory.admission({ ...asked, kid: 'kid-4' }, deadline)).toMatchObject({
      isKeyRevoked: false,
      keyEndsAt: 1_800_000_000,
    })
    await directory.revokeKey('kid-4', deadline)
    await directory.retireKey('kid-4', 1_900_000_000, deadline)
    expect(await endOf('kid-4')).toBe(0)
    expect((await directory.admission({ ...asked, kid: 'kid-4' }, deadline)).isKeyRevoked).toBe(true)
  })
})

describe('lib/directory/dynamodb: provision', () => {
  it('enters a user with epoch 0, renames it, and keeps its epoch', async () => {
    const user = { tenantSpaceId: TENANT, userId: 'vouched' }
    await directory.provision({ ...user, at: 0, userName: 'Zoë' }, deadline)
    expect((await directory.admission(user, deadline)).user).toMatchObject({
      userName: 'Zoë',
      status: 'active',
      epoch: 0,
    })
    await world.putUser({ userId: 'vouched', userName: 'Zoë', epoch: 4 })
    await directory.provision({ ...user, at: 0, userName: 'Zoë B.' }, deadline)
    expect((await directory.admission(user, deadline)).user).toMatchObject({ userName: 'Zoë B.', epoch: 4 })
  })

  it('marks the user as just-in-time, which putUser takes off again', async () => {
    const user = { tenantSpaceId: TENANT, userId: 'marked' }
    const known = async () => (await directory.admission(user, deadline)).user
    await directory.putUser({ ...user, userName: 'Tom', status: 'active' }, deadline)
    expect(await known()).not.toHaveProperty('justInTime')
    await directory.provision({ ...user, at: 0, userName: 'Thomas' }, deadline)
    expect(await known()).toMatchObject({ userName: 'Thomas', justInTime: true })
    await directory.putUser({ ...user, userName: 'Tom', status: 'disabled' }, deadline)
    expect(await known()).not.toHaveProperty('justInTime')
    await directory.provision({ ...user, at: 0, userName: 'Thomas' }, deadline)
    expect(await known()).toMatchObject({ userName: 'Tom', status: 'disabled', epoch: 1 })
    expect(await known()).not.toHaveProperty('justInTime')
  })

  it.each(['disabled', 'deleted'] as const)('leaves a %s user as it is', async (status) => {
    const user = { tenantSpaceId: TENANT, userId: `left-${status}` }
    await world.putUser({ userId: user.userId, userName: 'Tom', status, epoch: 1 })
    const { user: before } = await directory.admission(user, deadline)
    await directory.provision({ ...user, at: 0, userName: 'Tim' }, deadline)
    expect(before).toMatchObject({ status, epoch: 1 })
    expect((await directory.admission(user, deadline)).user).toEqual(before)
  })

  it('throws DIRECTORY_UNAVAILABLE for a table that is not there', async () => {
    const nowhere = dynamoDirectory({ table: 'nowhere', random: () => 0 })
    await expect(
      nowhere.provision({ tenantSpaceId: TENANT, ...USER, at: 0 }, deadline),
    ).rejects.toMatchObject({
      code: 'DIRECTORY_UNAVAILABLE',
      detail: { reason: 'ResourceNotFoundException' },
    })
  })
})
