import { randomBytes } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dynamoTable } from '../../../lib/table/dynamodb.ts'
import type { Item, Table } from '../../../lib/table/table.ts'
import type { LocalDynamoDb } from '../../../tools/local/dynamodb.ts'
import { startTokensTable, TOKENS } from './tokens-table.ts'

let dynamoDb: LocalDynamoDb
let table: Table
const deadline = { remainingMs: () => 5_000 }

beforeAll(async () => {
  dynamoDb = await startTokensTable()
  table = dynamoTable({ table: TOKENS })
})
afterEach(() => {
  dynamoDb.clearFaults()
  dynamoDb.resetCalls()
})
afterAll(() => dynamoDb?.close())

const unavailable = (reason: string) => ({ code: 'TOKEN_STORE_UNAVAILABLE', detail: { reason } })

const everyItem = async (pages: AsyncIterable<readonly Item[]>): Promise<Item[]> => {
  const found: Item[] = []
  for await (const page of pages) found.push(...page)
  return found
}

/** Every operation, each one request. */
const OPERATIONS: [string, (of: Table, pk: string) => Promise<unknown>][] = [
  ['GetItem', (of, pk) => of.get(pk, deadline)],
  ['UpdateItem', (of, pk) => of.change(pk, { set: { a: 1 } }, deadline)],
  ['UpdateItem', (of, pk) => of.count(pk, 1, deadline)],
  ['UpdateItem', (of, pk) => of.add(pk, { add: { polls: 2 }, sweepAt: 1 }, deadline)],
  ['DeleteItem', (of, pk) => of.remove(pk, {}, deadline)],
  ['Query', (of, pk) => everyItem(of.listed(pk, 1, deadline))],
]

describe('lib/table/dynamodb: a list', () => {
  it('of more than a page is asked for page by page, and only as far as somebody reads on', async () => {
    // Prepare: five times 300 kB of what cannot be compressed
    for (const at of [5, 3, 1, 4, 2]) {
      const set = { listedIn: 'long', listedAt: at, failure: randomBytes(225_000).toString('base64') }
      await table.change(`long ${at}`, { set }, deadline)
    }
    dynamoDb.resetCalls()
    // Act
    const items = await everyItem(table.listed('long', 9, deadline))
    // Assess
    expect(items.map(({ listedAt }) => listedAt)).toEqual([1, 2, 3, 4, 5])
    expect(dynamoDb.calls('Query')).toBeGreaterThan(1)

    dynamoDb.resetCalls()
    for await (const page of table.listed('long', 9, deadline)) {
      expect(page.length).toBeLessThan(5)
      break
    }
    expect(dynamoDb.calls('Query')).toBe(1)
  })

  it('asks for the next page only while time is left', async () => {
    let remaining = 5_000
    const pages = table.listed('long', 9, { remainingMs: () => remaining })[Symbol.asyncIterator]()
    await pages.next()
    remaining = 0
    await expect(pages.next()).rejects.toMatchObject(unavailable('DeadlineExceeded'))
  })

  it('shows LISTED alone even where the index holds more', async () => {
    const all = dynamoTable({
      table: TOKENS,
      client: clientWith(() => ({
        Items: [{ pk: 'a', listedIn: 'l', listedAt: 1, system: 'cec', sealed: 'x' }],
      })),
    })
    expect(await everyItem(all.listed('l', 1, deadline))).toEqual([
      { pk: 'a', listedIn: 'l', listedAt: 1, system: 'cec' },
    ])
  })

  it('goes on after a page without items, as DynamoDB may give one', async () => {
    let asked = 0
    const sparse = dynamoTable({
      table: TOKENS,
      client: clientWith(() => {
        asked += 1
        return asked === 1 ? { Items: [], LastEvaluatedKey: { pk: 'a' } } : { Items: [{ pk: 'b' }] }
      }),
    })
    expect(await everyItem(sparse.listed('l', 1, deadline))).toEqual([{ pk: 'b' }])
  })
})

/** A client whose answers a test makes, and which shows what it was asked. */
const clientWith = (answer: (input: object) => object): DynamoDBDocumentClient => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }))
  client.middlewareStack.add(
    () =>
      async ({ input }) =>
        ({ output: answer(input), response: {} }) as never,
    {
      step: 'initialize',
      priority: 'low',
    },
  )
  return client
}

describe('lib/table/dynamodb: what is sent', () => {
  it('is a consistent read: leases rest on it, and the emulator would be consistent anyway', async () => {
    const requests: object[] = []
    const client = clientWith((input) => {
      requests.push(input)
      return {}
    })
    await dynamoTable({ table: TOKENS, client }).get('a', deadline)
    expect(requests).toMatchObject([{ TableName: TOKENS, Key: { pk: 'a' }, ConsistentRead: true }])
  })

  it('has names and values beside the expression, never within', async () => {
    const requests: object[] = []
    const client = clientWith((input) => {
      requests.push(input)
      return {}
    })
    const change = {
      set: { status: 'x', b: 1 },
      remove: ['size'],
      ifSeen: { status: 'y', 'a = b': undefined },
    }
    await dynamoTable({ table: TOKENS, client }).change('a', change, deadline)
    expect(requests).toEqual([
      {
        TableName: TOKENS,
        Key: { pk: 'a' },
        UpdateExpression: 'SET #n0 = :v0, #n1 = :v1 REMOVE #n2',
        ConditionExpression: '#n0 = :v2 AND attribute_not_exists(#n3)',
        ExpressionAttributeNames: { '#n0': 'status', '#n1': 'b', '#n2': 'size', '#n3': 'a = b' },
        ExpressionAttributeValues: { ':v0': 'x', ':v1': 1, ':v2': 'y' },
      },
    ])
  })

  it('passes over what is neither text nor number', async () => {
    await dynamoDb.put(TOKENS, [{ pk: 'foreign', a: 'x', b: 1, c: true, d: null, e: { f: 1 }, g: ['h'] }])
    expect(await table.get('foreign', deadline)).toEqual({ pk: 'foreign', a: 'x', b: 1 })
  })

  it('is refused when a sum does not come back', async () => {
    const client = clientWith(() => ({}))
    const counting = dynamoTable({ table: TOKENS, client }).count('a', 1, deadline)
    await expect(counting).rejects.toMatchObject(unavailable('CountMissing'))
  })
})

describe('lib/table/dynamodb: a table that cannot be asked', () => {
  it.each(OPERATIONS)('is TOKEN_STORE_UNAVAILABLE for %s when it is not there', async (_action, act) => {
    const nowhere = dynamoTable({ table: 'nowhere' })
    await expect(act(nowhere, 'a')).rejects.toMatchObject(unavailable('ResourceNotFoundException'))
  })

  it.each(OPERATIONS)('is asked twice for %s when it fails, and no more', async (action, act) => {
    dynamoDb.fail({ kind: 'error', action })
    await expect(act(table, 'failing')).rejects.toMatchObject(unavailable('InternalServerError'))
    expect(dynamoDb.calls(action)).toBe(2)
  })

  it.each(OPERATIONS)('is asked twice for %s when it throttles', async (action, act) => {
    dynamoDb.fail({ kind: 'throttle', action })
    await expect(act(table, 'throttled')).rejects.toMatchObject(unavailable('ThrottlingException'))
    expect(dynamoDb.calls(action)).toBe(2)
  })

  it.each(OPERATIONS)('answers %s all the same when one of two requests breaks off', async (action, act) => {
    let failures = 1
    dynamoDb.fail({ kind: 'reset', action, random: () => (failures-- > 0 ? 0 : 1) })
    await act(table, `broken ${action}`)
    expect(dynamoDb.calls(action)).toBe(2)
  })

  it('is given up at the deadline when it hangs, in the pause between two tries also', async () => {
    dynamoDb.fail({ kind: 'hang' })
    for (const [, act] of OPERATIONS) {
      const startedAt = performance.now()
      const endsAt = startedAt + 150
      const short = { remainingMs: () => Math.max(0, endsAt - performance.now()) }
      const impatient: Table = withDeadline(table, short)
      await expect(act(impatient, 'hanging')).rejects.toMatchObject(unavailable('DeadlineExceeded'))
      expect(performance.now() - startedAt).toBeLessThan(600)
    }
  })

  it('is given up after two tries of a second when it hangs and time is left', async () => {
    dynamoDb.fail({ kind: 'hang' })
    const startedAt = performance.now()
    await expect(table.get('hanging', deadline)).rejects.toMatchObject(unavailable('TimeoutError'))
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect(dynamoDb.calls('GetItem')).toBe(2)
  })

  it('keeps the cause, and names no value', async () => {
    const error = await table
      .change('', { set: { sealed: 'secret-value' } }, deadline)
      .catch((e: unknown) => e)
    expect(error).toMatchObject({
      message: 'the token store cannot be asked (ValidationException)',
      cause: { name: 'ValidationException' },
    })
  })
})

const withDeadline = (of: Table, deadline: { remainingMs: () => number }): Table => ({
  get: (pk) => of.get(pk, deadline),
  change: (pk, change) => of.change(pk, change, deadline),
  remove: (pk, ifSeen) => of.remove(pk, ifSeen, deadline),
  count: (pk, sweepAt) => of.count(pk, sweepAt, deadline),
  add: (pk, amounts) => of.add(pk, amounts, deadline),
  listed: (list, until) => of.listed(list, until, deadline),
})

describe('lib/table/dynamodb: an answer that is lost', () => {
  const once = () => {
    let left = 1
    return () => (left-- > 0 ? 0 : 1)
  }

  it('leaves a change done, and says false since the item is no longer as seen', async () => {
    await table.change('lost', { set: { leaseId: 'old' } }, deadline)
    dynamoDb.fail({ kind: 'lost', action: 'UpdateItem', random: once() })
    const change = { set: { leaseId: 'ours' }, ifSeen: { leaseId: 'old' } }
    expect(await table.change('lost', change, deadline)).toBe(false)
    expect(await table.get('lost', deadline)).toEqual({ pk: 'lost', leaseId: 'ours' })
  })

  it('may count twice, and never less than once', async () => {
    dynamoDb.fail({ kind: 'lost', action: 'UpdateItem', random: once() })
    expect(await table.count('lost count', 1, deadline)).toBe(2)
  })

  it('is an outage when it is lost twice, with the change done', async () => {
    dynamoDb.fail({ kind: 'lost', action: 'UpdateItem' })
    const lost = table.change('lost twice', { set: { a: 1 } }, deadline)
    await expect(lost).rejects.toMatchObject({ code: 'TOKEN_STORE_UNAVAILABLE' })
    expect(await table.get('lost twice', deadline)).toEqual({ pk: 'lost twice', a: 1 })
  })
})
