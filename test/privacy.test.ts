import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCOPES } from '../lib/schemas/callers.ts'
import { hashedUserId } from '../lib/schemas/log-key.ts'
import { newTokenStoreKey } from '../tools/local/seeds.ts'
import { secret } from './support/canary.ts'
import { type FunctionName, functionOf } from './support/functions.ts'
import {
  FURTHER_BODIES,
  GOOD_BODIES,
  message,
  startVendorWorld,
  type VendorWorld,
} from './support/vendor-world.ts'
import {
  CALLERS_TABLE,
  call,
  callersSecret,
  PREFIX,
  type RequestParts,
  TABLE,
  TENANT,
  TOKENS_TABLE,
} from './support/world.ts'

const USER = { userId: 'visitor4711x', userName: 'Żółta Łódź 4711' }
/** A user of a stage whose parameter logUserIds is "hashed". */
const HASHED = { userId: 'visitor4713x', userName: 'Ægir 4713' }
/** A user who stays: the scan must find it where a user is stored. */
const STAYS = { userId: 'stays4712x', userName: 'Straße 4712' }

let world: VendorWorld
let scanned: Record<string, string>
let logKey: string

const ask = async (name: FunctionName, body: object, parts: Partial<RequestParts> = {}) => {
  const handler = await functionOf(name, world.runtime())
  return call(world, handler, { headers: world.authorization, body, ...parts })
}

const scan = async (TableName: string, IndexName?: string): Promise<string> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: world.dynamoDb.url }))
  const items: unknown[] = []
  for await (const page of paginateScan({ client }, { TableName, ...(IndexName && { IndexName }) }))
    items.push(...(page.Items ?? []))
  client.destroy()
  return JSON.stringify(items)
}

const secrets = async (): Promise<string> => {
  const client = new SecretsManagerClient({ endpoint: world.secretsManager.url })
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }))
  const values = await Promise.all(
    SecretList.map(async ({ Name }) => [
      Name,
      (await client.send(new GetSecretValueCommand({ SecretId: Name }))).SecretString,
    ]),
  )
  expect(values.length).toBeGreaterThan(8)
  return JSON.stringify(values)
}

const everything = async (): Promise<Record<string, string>> => {
  const { TableNames = [] } = await new DynamoDBClient({ endpoint: world.dynamoDb.url }).send(
    new ListTablesCommand({}),
  )
  // A new table is a place that the document must name.
  expect(TableNames.sort()).toEqual([CALLERS_TABLE, TABLE, TOKENS_TABLE].sort())
  return {
    'directory table': await scan(TABLE),
    'index of the users': await scan(TABLE, 'users'),
    'tokens table': await scan(TOKENS_TABLE),
    'callers table': await scan(CALLERS_TABLE),
    secrets: await secrets(),
    'log lines': JSON.stringify(world.lines),
  }
}

/** A text in each spelling in which it could stand somewhere. */
const spellings = (text: string): readonly string[] => {
  const bytes = Buffer.from(text)
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    bytes.toString('hex'),
    // Base64 of it within another text: without what its neighbours share.
    ...[0, 1, 2].map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64url')
        .slice(4, -4),
    ),
  ]
}
const holds = (haystack: string, text: string): boolean =>
  spellings(text).some((spelling) => haystack.includes(spelling))
const found = (places: Record<string, string>, { userId, userName }: typeof USER) =>
  Object.fromEntries(
    Object.entries(places).map(([place, text]) => [place, [holds(text, userId), holds(text, userName)]]),
  )

const HASHED_LINES = 'log lines, with `logUserIds: hashed`'

/** What the document allows: the table under "Removing a person". */
const documented = (): Record<string, boolean[]> => {
  const text = readFileSync(join(import.meta.dirname, '../docs/privacy.md'), 'utf8')
  const section = /## Removing a person\n([\s\S]*?)\n## /.exec(text)?.[1] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| place'))
  return Object.fromEntries(
    rows.map((row) => {
      const [, place = '', ...cells] = row.split('|').map((cell) => cell.trim())
      return [place, cells.slice(0, 2).map((cell) => cell.startsWith('yes'))]
    }),
  )
}

/** Everything that may be done with a user, as far as the calls of this system go. */
const live = async ({ userId, userName }: typeof USER): Promise<void> => {
  const user = { tenantSpaceId: TENANT, userId, userName }
  const done = async (...asked: Parameters<typeof ask>) => {
    const answer = await ask(...asked)
    expect([asked[0], answer.status < 300, answer.line.code]).toEqual([asked[0], true, answer.line.code])
    return answer
  }
  await done('putUser', { ...user, status: 'active' })
  await done('batchUsers', { tenantSpaceId: TENANT, users: [{ userId, userName, status: 'active' }] })
  await done('queryUsers', { tenantSpaceId: TENANT, userIds: [userId] })
  await done('listUsers', { tenantSpaceId: TENANT })
  const { body } = await done('issueEnterpriseToken', user)
  await done('validateEnterpriseToken', { ...user, Token: body.token }, { headers: {} })
  await done('issueAccessToken', { ...user, scopes: ['chat:relay'] })
  const chat = await done('applyToken', { ...GOOD_BODIES.applyToken, userId, userName })
  const headers = { ...world.authorization, 'ccmessaging-token': chat.body.token }
  await done('chatRelay', message({ from: userId, controlType: 'CONNECT', to: 'web-1' }), { headers })
  await done('chatCalls', { ...FURTHER_BODIES.sendAsync, from: userId }, { headers })
  await done('liveMessageToken', { ...GOOD_BODIES.liveMessageToken, UserId: userId })
  await done('liveImToken', { userId })
  await done('liveRtcToken', { ...GOOD_BODIES.liveRtcToken, UserID: userId })
  // and what is refused
  await ask('issueEnterpriseToken', { ...user, userName: `${userName}2` })
  await ask(
    'validateEnterpriseToken',
    { ...user, userName: `${userName}2`, Token: body.token },
    { headers: {} },
  )
  await ask('putUser', { ...user, status: 'gone' })
  await done('revokeEnterpriseTokens', { tenantSpaceId: TENANT, userId })
}

const remove = async ({ userId }: typeof USER): Promise<void> => {
  const removed = await ask('putUser', { tenantSpaceId: TENANT, userId, status: 'deleted' })
  expect(removed.status).toBe(200)
}

beforeAll(async () => {
  world = await startVendorWorld()
  const caller = { callerId: 'shop', key: world.callerKey, scopes: SCOPES, tenants: [TENANT] }
  world.secretsManager.put(`${PREFIX}/callers`, callersSecret([caller]))
  await live(USER)
  await live(STAYS)
  logKey = secret('log key', newTokenStoreKey())
  world.secretsManager.put(`${PREFIX}/log-key`, { key: logKey })
  process.env['LOG_USER_IDS'] = 'hashed'
  await live(HASHED)
  await remove(HASHED)
  process.env['LOG_USER_IDS'] = 'plain'
  await remove(USER)
  scanned = await everything()
}, 60_000)
afterAll(() => world.close())

describe('docs/privacy.md: after a deletion', () => {
  it('a name and an id are where the document says so, and nowhere else', () => {
    const { [HASHED_LINES]: _, ...places } = documented()
    expect(Object.keys(places)).toHaveLength(6)
    expect(found(scanned, USER)).toEqual(places)
  })

  it('with logUserIds: hashed the log lines have no id either, and an operator finds them by the hash', () => {
    const places = documented()
    expect(found(scanned, HASHED)).toEqual({
      ...found(scanned, USER),
      'log lines': places[HASHED_LINES],
    })
    expect(places[HASHED_LINES]).toEqual([false, false])
    const named = world.lines.filter(({ userId }) => userId === hashedUserId(logKey, HASHED.userId))
    expect(named.length).toBeGreaterThan(10)
    expect(named.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['USER_WRITTEN', 'TOKEN_ISSUED', 'TOKEN_VALID']),
    )
    expect(world.lines.filter(({ userId }) => userId === 'withheld')).toEqual([])
  })

  it('the scan finds a user who was not deleted where users are stored', () => {
    const places = found(scanned, STAYS)
    expect(places['directory table']).toEqual([true, true])
    expect(places['index of the users']).toEqual([true, true])
    expect(places['log lines']).toEqual([true, false])
  })

  it.each(['plain', 'base64', 'base64url', 'hex'])('the scan finds what is written as %s', (as) => {
    const text =
      as === 'plain' ? USER.userName : Buffer.from(`a${USER.userName}b`).toString(as as BufferEncoding)
    expect(holds(`x${text}y`, USER.userName)).toBe(true)
    expect(holds('x', USER.userName)).toBe(false)
  })
})
