import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type DynamoDbFault, type LocalDynamoDb, startDynamoDb } from '../../../tools/local/dynamodb.ts'
import { directoryResources } from '../../support/world.ts'

const TABLE = 'some-table'
let dynamoDb: LocalDynamoDb
let client: DynamoDBClient

beforeAll(async () => {
  dynamoDb = await startDynamoDb(directoryResources(TABLE))
  client = new DynamoDBClient({
    endpoint: dynamoDb.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
})
afterEach(() => {
  dynamoDb.clearFaults()
  dynamoDb.resetCalls()
})
afterAll(async () => {
  client.destroy()
  await dynamoDb.close()
})

const get = (pk = 'a', signal?: AbortSignal) =>
  client.send(
    new GetItemCommand({ TableName: TABLE, Key: { pk: { S: pk } } }),
    signal && { abortSignal: signal },
  )
const put = (pk = 'a') => client.send(new PutItemCommand({ TableName: TABLE, Item: { pk: { S: pk } } }))
const isFailure = async (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => false,
    () => true,
  )

describe('tools/local/dynamodb', () => {
  it('counts requests by action, none of its own start among them', async () => {
    expect(dynamoDb.calls()).toBe(0)
    await get()
    await put()
    await dynamoDb.put(TABLE, [{ pk: 'b' }])
    expect([dynamoDb.calls('GetItem'), dynamoDb.calls('PutItem'), dynamoDb.calls('Query')]).toEqual([1, 2, 0])
    dynamoDb.resetCalls()
    expect(dynamoDb.calls()).toBe(0)
  })

  it.each<[DynamoDbFault['kind'], object]>([
    ['error', { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }],
    ['throttle', { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    ['reset', { code: 'ECONNRESET' }],
  ])('fails by %s, without doing the work, until faults are cleared', async (kind, error) => {
    dynamoDb.fail({ kind })
    await expect(put(`never ${kind}`)).rejects.toMatchObject(error)
    expect(dynamoDb.calls('PutItem')).toBe(1)
    dynamoDb.clearFaults()
    expect((await get(`never ${kind}`)).Item).toBeUndefined()
  })

  it('loses an answer after doing the work', async () => {
    dynamoDb.fail({ kind: 'lost', action: 'PutItem' })
    await expect(put('lost')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await get('lost')).Item).toEqual({ pk: { S: 'lost' } })
  })

  it('hangs until the client gives up, and answers the next', async () => {
    dynamoDb.fail({ kind: 'hang', action: 'GetItem' })
    await expect(get('a', AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'AbortError' })
    await put('beside')
    dynamoDb.clearFaults()
    await get()
  })

  it('hits the share of one action that it was told, spread evenly and the same each time', async () => {
    dynamoDb.fail({ kind: 'throttle', action: 'GetItem', share: 0.4 })
    const hits: boolean[] = []
    for (let i = 0; i < 10; i++) {
      hits.push(await isFailure(get()))
      expect(await isFailure(put())).toBe(false)
    }
    expect(hits.map(Number)).toEqual([0, 0, 1, 0, 1, 0, 0, 1, 0, 1])
  })

  it('hits by the random numbers that it was given, and asks the next fault about what the first let pass', async () => {
    const numbers = [0.1, 0.5, 0.2, 0.9]
    dynamoDb.fail({ kind: 'throttle', share: 0.3, random: () => numbers.shift() ?? 1 })
    dynamoDb.fail({ kind: 'error', share: 0.5 })
    const names: string[] = []
    for (let i = 0; i < 4; i++) {
      names.push(
        await get().then(
          () => 'none',
          (error: Error) => error.name,
        ),
      )
    }
    expect(names).toEqual(['ThrottlingException', 'none', 'ThrottlingException', 'InternalServerError'])
  })

  it('closes while a request hangs', async () => {
    const other = await startDynamoDb(directoryResources(TABLE))
    other.fail({ kind: 'hang' })
    const hanging = isFailure(fetch(other.url, { method: 'POST', body: '{}' }))
    while (other.calls() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await other.close()
    expect(await hanging).toBe(true)
  })

  it('is shut to pages, also where a fault is due', async () => {
    const page = { headers: { origin: 'https://page.example' } }
    expect((await fetch(dynamoDb.url, page)).status).toBe(403)
  })
})
