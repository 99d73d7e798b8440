import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokedKeyKey, tenantKey, userKey } from '../../../lib/directory/items.ts'
import { SCOPES } from '../../../lib/schemas/callers.ts'
import { lengthPrefixed } from '../../../lib/schemas/length-prefixed.ts'
import { hashedUserId } from '../../../lib/schemas/log-key.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { secret } from '../../support/canary.ts'
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
const KID = 'a-key-that-was-dropped-since-then-012345678'

const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const newTable = (TableName: string, AttributeName = 'pk') =>
  new CreateTableCommand({
    ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
    KeySchema: [{ AttributeName, KeyType: 'HASH' }],
  })

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
  for (const name of readdirSync(folder)) if (name.endsWith('.progress')) rmSync(join(folder, name))
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
  await client.send(newTable(RESTORED))
  const caller = { callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: [TENANT] }
  const quiet = { callerId: 'quiet', key: newCallerKey(), scopes: SCOPES, tenants: [QUIET_TENANT] }
  world.secretsManager.put(`${PREFIX}/callers`, callersSecret([caller, quiet]))
  for (const userId of ['gone', 'shut', 'renamed'])
    await ask('putUser', { userId, userName: 'Before', status: 'active' })
  oldToken = (await ask('issueEnterpriseToken', USER)).body.token
  // One of them was entered by asking: the table sweeps such a user at its end, and a disabled one never.
  const entered = { justInTime: true, expiresAt: 4_102_444_800 }
  for (const item of await itemsOf(TABLE)) {
    const Item = item['userId'] === 'shut' ? { ...item, ...entered } : item
    await client.send(new PutCommand({ TableName: RESTORED, Item }))
  }

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
    expect(Object.keys((await itemOf(userKey(TENANT, 'shut'))) ?? {})).not.toContain('expiresAt')
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
    expect(Object.keys((await itemOf(userKey(TENANT, 'shut'))) ?? {})).not.toContain('expiresAt')
  })

  describe('with lines that name users by hashes', () => {
    const lines = join(folder, 'hashed.jsonl')
    const [current, previous, other] = [1, 2, 3].map(() => randomBytes(36).toString('hex'))
    const shutOut = (userId: string) =>
      `${JSON.stringify({ time: since, audit: true, code: 'USER_WRITTEN', tenantSpaceId: TENANT, userId, userStatus: 'deleted' })}\n`
    const hashed = (key = '', userId = 'renamed') => shutOut(hashedUserId(key, userId))
    const begin = async (text: string) => {
      await empty()
      writeFileSync(lines, text)
      return run('--since', since, '--audit', lines, '--from', RESTORED)
    }

    it('does nothing where the stage has no key for them, or a line withholds the id', async () => {
      const unfound = await begin(hashed(current))
      expect([unfound.code, unfound.complained]).toEqual([
        1,
        `Users whom lines delete or disable by a hash: 1, the first is ${TENANT} ${hashedUserId(current ?? '', 'renamed')}. The stage has no secret log-key any more, ` +
          'so nobody can be found by a hash. Have the back ends of their tenants send these users again after the restore, and take those lines out of the file.',
      ])
      const unnamed = await begin(`\n${shutOut('withheld')}${shutOut('withheld')}`)
      expect([unnamed.code, unnamed.complained]).toEqual([
        1,
        'Lines that delete or disable users, but name none of them: 2, the first is line 2. Have the back ends of their ' +
          'tenants send these users again after the restore, and take the lines with "userId":"withheld" out of the file.',
      ])
      expect(await itemsOf(TABLE)).toEqual([])
    })

    it('finds users by the key and the one before it, and tells hashes that no user has', async () => {
      for (const key of [previous, current])
        world.secretsManager.put(`${PREFIX}/log-key`, JSON.stringify({ key: secret('log key', key ?? '') }))
      const text = hashed(current, 'gone') + hashed(previous, 'shut') + hashed(other)
      const { code, said } = await begin(text)
      expect(code).toBe(0)
      expect(said).toContain('Users deleted again: 2. ')
      expect(said).toContain(
        `Hashes of deleted or disabled users that no user has: 1 (${TENANT} ${hashedUserId(other ?? '', 'renamed')}). ` +
          'These users were entered since then, or the key of the hashes was another one: then they are back.',
      )
      expect((await begin(hashed(current))).said).not.toContain('Hashes of')
    })
  })

  it.each([
    [2, '2999-11-29T06:00:00Z', '--since: expected a moment that has passed.'],
    [0, '2026-01-01T00:00:00Z', ''],
  ])('ends with %i for what was restored to %s', async (expected, moment, sentence) => {
    await empty()
    const { code, complained } = await run('--since', moment, '--audit', file, '--from', RESTORED)
    expect([code, complained.split('\n')[0]]).toEqual([expected, sentence])
    expect((await itemsOf(TABLE)).length > 0).toBe(expected === 0)
  })

  describe('from a table that is none of the directory', () => {
    let others = 0
    const refused = async (from: string, sentence: string) => {
      await empty()
      const { code, complained } = await run('--since', since, '--audit', file, '--from', from)
      expect([code, complained]).toEqual([1, sentence])
      expect([await itemsOf(TABLE), existsSync(`${file}.progress`)]).toEqual([[], false])
    }

    it('does nothing, and says that it does not exist', () =>
      refused(
        'no-such-table',
        '--from: this table does not exist there. Nothing was done. See which there are: aws dynamodb list-tables, with the same region.',
      ))

    it.each([
      ['pk', lengthPrefixed('cec', 'token', TENANT, 'f')],
      ['id', userKey(TENANT, 'a')],
    ])('does nothing where an item has the key %s=%s', async (name, value) => {
      others += 1
      const other = `${TABLE}-other-${others}`
      await client.send(newTable(other, name))
      await client.send(new PutCommand({ TableName: other, Item: { [name]: value } }))
      await refused(
        other,
        '--from: expected a restored table of the directory, and this one has items that no directory has. Nothing was done. ' +
          'Name the table that step 2 of docs/restore.md has made.',
      )
    })
  })

  it('does nothing without any audit line: an export under a wrong filter leaves none', async () => {
    await empty()
    const few = fileOf('few.jsonl', '{"time":"2026-01-01T00:00:00.000Z","code":"POOL_CLOSED"}')
    const { code, complained } = await run('--since', since, '--audit', few)
    expect(code).toBe(1)
    expect(complained).toMatch(
      /^--audit: expected an audit line, of any time. Nothing was done. Export them anew/,
    )
    expect(await itemsOf(TABLE)).toEqual([])
  })

  it('does nothing when a line cannot be read', async () => {
    const cut = fileOf('cut.jsonl', '{"code":"USER_WRITTEN","time":"2026-11-29T06:0')
    const { code, complained } = await run('--since', since, '--audit', cut, '--from', RESTORED)
    expect([code, complained]).toEqual([
      1,
      'line 1: expected a log line of a function, or an event that holds one',
    ])
  })
})
