import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokedKeyKey, tenantKey, userKey } from '../../../lib/directory/items.ts'
import { SCOPES } from '../../../lib/schemas/callers.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { type FunctionName, functionOf } from '../../support/functions.ts'
import {
  call,
  callersSecret,
  newCallerKey,
  PREFIX,
  STAGE,
  startWorld,
  TABLE,
  TENANT,
  USER,
  type World,
} from '../../support/world.ts'

const RESTORED = `${TABLE}-restored`
const folder = mkdtempSync(join(tmpdir(), 'restore-'))
const file = join(folder, 'audit.jsonl')
/** Nobody has entered a user of it, and no table has an item of it. */
const QUIET_TENANT = 'quiet-tenant'
const KID = 'a-key-that-was-dropped-since-then-0123456789'

let world: World
let client: DynamoDBDocumentClient
let oldToken: string
let since: string

const ask = async (name: FunctionName, body: object, isPublic = false) => {
  const handler = await functionOf(name, world.runtime())
  const headers = isPublic ? {} : { authorization: `Bearer ${world.callerKey}` }
  return call(world, handler, { headers, body: { tenantSpaceId: TENANT, ...body } })
}
const validate = async (Token: string) =>
  (await ask('validateEnterpriseToken', { ...USER, Token }, true)).body.retCode
const itemsOf = async (TableName: string) => {
  const found: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) found.push(...Items)
  return found
}
const itemOf = async (pk: string) => (await itemsOf(TABLE)).find((item) => item['pk'] === pk)
/** As after a loss: an earlier run has left nothing either. */
const empty = async () => {
  rmSync(`${file}.progress`, { force: true })
  for (const { pk } of await itemsOf(TABLE))
    await client.send(new DeleteCommand({ TableName: TABLE, Key: { pk } }))
}
const copyBack = async () => {
  for (const Item of await itemsOf(RESTORED)) await client.send(new PutCommand({ TableName: TABLE, Item }))
}
const put = (userId: string, status: string, userName = 'Before') =>
  ask('putUser', { userId, status, ...(status === 'deleted' ? {} : { userName }) })
const isUser = ({ kind }: Record<string, unknown>) => kind === 'user'
/** As if the user had been deleted a minute earlier. */
const ageTombstone = async (userId: string) => {
  const item = (await itemOf(userKey(TENANT, userId))) as { expiresAt: number }
  const Item = { ...item, expiresAt: item.expiresAt - 60 }
  await client.send(new PutCommand({ TableName: TABLE, Item }))
}
const run = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(['restore', ...args, '--stage', STAGE], {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  return { code, said: said.join('\n'), complained: complaints.join('\n') }
}
const restored = (...more: string[]) => run('--since', since, '--audit', file, '--from', RESTORED, ...more)

beforeAll(async () => {
  world = await startWorld()
  client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  await client.send(
    new CreateTableCommand({
      TableName: RESTORED,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  )
  const caller = { callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: [TENANT] }
  const quiet = { callerId: 'quiet', key: newCallerKey(), scopes: SCOPES, tenants: [QUIET_TENANT] }
  world.secretsManager.put(`${PREFIX}/callers`, callersSecret([caller, quiet]))
  for (const userId of ['gone', 'shut', 'renamed'])
    await ask('putUser', { userId, userName: 'Before', status: 'active' })
  oldToken = (await ask('issueEnterpriseToken', USER)).body.token
  for (const Item of await itemsOf(TABLE)) await client.send(new PutCommand({ TableName: RESTORED, Item }))

  // What the restored table knows nothing of.
  since = new Date().toISOString()
  world.lines.length = 0
  const { jti } = JSON.parse(Buffer.from(oldToken.split('.')[1] ?? '', 'base64url').toString()) as {
    jti: string
  }
  await ask('revokeEnterpriseTokens', { jti })
  await ask('revokeEnterpriseTokens', { all: true })
  await ask('revokeEnterpriseTokens', { all: true })
  await ask('putUser', { userId: 'gone', status: 'deleted' })
  await ask('batchUsers', { users: [{ userId: 'shut', userName: 'Before', status: 'disabled' }] })
  await ask('putUser', { userId: 'renamed', userName: 'After', status: 'active' })
  const revoked = {
    level: 'INFO',
    time: new Date().toISOString(),
    audit: true,
    code: 'TOKEN_KEY_REVOKED',
    kid: KID,
  }
  const lines = [...world.lines, revoked].map((line) => JSON.stringify(line))
  const [first = '', second = '', ...others] = lines
  writeFileSync(
    file,
    [
      'START RequestId: 8f507cfc Version: $LATEST',
      `2026-11-29T06:00:00.000Z\t8f507cfc\tINFO\t${first}`,
      JSON.stringify({ timestamp: 1, message: second }),
      JSON.stringify({ timestamp: 1, message: 'REPORT RequestId: 8f507cfc' }),
      ...others,
      '',
    ].join('\n'),
  )
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  client.destroy()
  await world.close()
})

describe('tools/operator/restore', () => {
  it('is needed: items that are merely copied back let in what was revoked and deleted', async () => {
    expect(await validate(oldToken)).toBe(5)
    await empty()
    await copyBack()
    expect(await validate(oldToken)).toBe(0)
    expect((await ask('issueEnterpriseToken', { userId: 'gone', userName: 'Before' })).status).toBe(201)
  })

  it('puts the users back, and nothing that was ended since comes back with them', async () => {
    await empty()
    const { code, said, complained } = await restored()
    expect([code, complained]).toEqual([0, ''])
    expect(said).toContain('Users deleted again: 1. Users disabled again: 1. Signing keys ended: 1.')
    expect(await validate(oldToken)).toBe(5)
    const { status, body } = await ask('issueEnterpriseToken', USER)
    expect([status, await validate(body.token)]).toEqual([201, 0])
    expect((await ask('issueEnterpriseToken', { userId: 'gone', userName: 'Before' })).line.code).toBe(
      'USER_UNKNOWN',
    )
    expect((await ask('issueEnterpriseToken', { userId: 'shut', userName: 'Before' })).line.code).toBe(
      'USER_DISABLED',
    )
    // Its name is not in a log: its back end sends it again.
    expect((await ask('issueEnterpriseToken', { userId: 'renamed', userName: 'Before' })).status).toBe(201)
    expect(await itemOf(revokedKeyKey(KID))).toEqual({ pk: revokedKeyKey(KID) })
  })

  it('raises the epoch of a tenant without an item above every one that it may have had', async () => {
    const { epoch } = (await itemOf(tenantKey(QUIET_TENANT))) as { epoch: number }
    expect(epoch).toBeGreaterThan(Date.parse(since) - 1)
    const tenants = join(folder, 'tenants')
    writeFileSync(tenants, 'nowhere-named\n')
    expect(await itemOf(tenantKey('nowhere-named'))).toBeUndefined()
    await restored('--tenants', tenants)
    expect(await itemOf(tenantKey('nowhere-named'))).toMatchObject({ epoch: expect.any(Number) })
  })

  it('may be repeated: users stay as they were made since, their epochs too, and no epoch is lowered', async () => {
    await put('renamed', 'active', 'Once more')
    await put('gone', 'active', 'Anew')
    await put(USER.userId, 'disabled')
    const before = await itemsOf(TABLE)
    const { code, said } = await restored()
    expect(code).toBe(0)
    expect(said).toContain('Items put back: 0. Users deleted again: 0. Users disabled again: 0.')
    expect(said.split('\n').at(-1)).toBe(
      `An earlier run has done the items of these lines, and they were left alone. If the table was lost again since, delete ${file}.progress first.`,
    )
    const after = await itemsOf(TABLE)
    expect(after.filter(isUser)).toEqual(before.filter(isUser))
    const epochs = (items: Record<string, unknown>[]) => items.map(({ epoch }) => Number(epoch ?? 0))
    const raised = epochs(after).map((epoch, at) => epoch - (epochs(before)[at] ?? 0))
    expect(raised.filter((by) => by < 0)).toEqual([])
    expect(raised.filter((by) => by > 0).length).toBeGreaterThanOrEqual(2)
  })

  describe('over a table that is still there', () => {
    const statusOf = async (userId: string) => (await itemOf(userKey(TENANT, userId)))?.['status']
    const intact = async () => {
      await empty()
      await copyBack()
    }

    it('leaves deleted and disabled whoever is so there, though no line says it', async () => {
      await intact()
      await put(USER.userId, 'deleted')
      await put('renamed', 'disabled', 'After')
      expect((await restored()).said).toContain('Users deleted again: 1. Users disabled again: 2.')
      expect([await statusOf(USER.userId), await statusOf('renamed')]).toEqual(['deleted', 'disabled'])
      expect((await itemOf(userKey(TENANT, 'renamed')))?.['userName']).toBe('Before')
    })

    it('puts back an active user who is active there, and one of whom there is nothing', async () => {
      await intact()
      await put('renamed', 'active', 'After')
      await client.send(new DeleteCommand({ TableName: TABLE, Key: { pk: userKey(TENANT, USER.userId) } }))
      await restored()
      expect([await statusOf(USER.userId), await statusOf('renamed')]).toEqual(['active', 'active'])
      expect((await itemOf(userKey(TENANT, 'renamed')))?.['userName']).toBe('Before')
    })

    it('brings back who was deleted before --until without a line, and nobody who was deleted after it', async () => {
      await intact()
      await put(USER.userId, 'deleted')
      await put('renamed', 'deleted')
      await ageTombstone(USER.userId)
      const until = new Date().toISOString()
      await put('renamed', 'deleted')
      await restored('--until', until)
      expect([await statusOf(USER.userId), await statusOf('renamed')]).toEqual(['active', 'deleted'])
      expect(await statusOf('gone')).toBe('deleted')
    })

    it('enables nobody by --until: nothing says when somebody was disabled', async () => {
      await intact()
      await put('renamed', 'disabled')
      await restored('--until', new Date().toISOString())
      expect(await statusOf('renamed')).toBe('disabled')
    })
  })

  it('goes on where it broke off, and leaves deleted who was deleted meanwhile', async () => {
    await empty()
    world.dynamoDb.fail({ kind: 'error', action: 'PutItem' })
    const broken = await restored()
    world.dynamoDb.clearFaults()
    expect([broken.code, existsSync(`${file}.progress`)]).toEqual([1, true])
    await ask('putUser', { userId: USER.userId, status: 'deleted' })
    expect((await restored()).code).toBe(0)
    expect((await itemOf(userKey(TENANT, USER.userId)))?.['status']).toBe('deleted')
    expect((await itemOf(userKey(TENANT, 'renamed')))?.['status']).toBe('active')
  })

  it('works on a table that was restored under its own name', async () => {
    await empty()
    await copyBack()
    const { said } = await run('--since', since, '--audit', file)
    expect(said).toContain('Items put back: 0. Users deleted again: 1. Users disabled again: 1.')
    expect(await validate(oldToken)).toBe(5)
    expect((await ask('issueEnterpriseToken', { userId: 'gone', userName: 'Before' })).line.code).toBe(
      'USER_UNKNOWN',
    )
    expect((await ask('issueEnterpriseToken', { userId: 'shut', userName: 'Before' })).line.code).toBe(
      'USER_DISABLED',
    )
  })

  it.each([
    [['--audit', file], '--since: expected a moment, such as 2026-11-29T06:00:00Z.'],
    [['--since', 'yesterday', '--audit', file], '--since: expected a moment, such as 2026-11-29T06:00:00Z.'],
    [['--since', '2026-11-29T06:00:00Z'], '--audit: name the file of the log lines.'],
    ...[
      ['--until', '2026-11-29T06:01:00Z'],
      ['--from', RESTORED, '--until', '2026-11-29T05:59:59Z'],
      ['--from', RESTORED, '--until', '2999-11-29T06:00:00Z'],
    ].map((more): [string[], string] => [
      ['--since', '2026-11-29T06:00:00Z', '--audit', file, ...more],
      '--until: goes with --from, and is a moment after --since that has passed.',
    ]),
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    const { code, complained } = await run(...args)
    expect(code).toBe(2)
    expect(complained.split('\n')[0]).toBe(sentence)
  })

  it('does nothing when a line cannot be read', async () => {
    const cut = join(folder, 'cut.jsonl')
    writeFileSync(cut, '{"code":"USER_WRITTEN","time":"2026-11-29T06:0')
    const { code, complained } = await run('--since', since, '--audit', cut, '--from', RESTORED)
    expect([code, complained]).toEqual([
      1,
      'line 1: expected a log line of a function, or an event that holds one',
    ])
  })
})
