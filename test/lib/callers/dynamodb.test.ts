import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dynamoCallers } from '../../../lib/callers/dynamodb.ts'
import { type LocalDynamoDb, startDynamoDb } from '../../../tools/local/dynamodb.ts'
import { CALLERS_TABLE, callersResources } from '../../support/world.ts'

const AMPLE = { remainingMs: () => 5_000 }
let dynamoDb: LocalDynamoDb
beforeAll(async () => {
  dynamoDb = await startDynamoDb(callersResources(CALLERS_TABLE))
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: randomBytes(8).toString('hex'),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
  })
})
beforeEach(() => dynamoDb.clearFaults())
afterAll(() => dynamoDb.close())

describe('lib/callers/dynamodb', () => {
  it('reads the text of an item, and knows an absent one from an empty one', async () => {
    await dynamoDb.put(CALLERS_TABLE, [
      { pk: 'key#a', entries: '{"callers":[]}' },
      { pk: 'key#b' },
      { pk: 'key#c', entries: 7 },
    ])
    const { read } = dynamoCallers({ table: CALLERS_TABLE })
    expect(await read('key#a', AMPLE)).toEqual({ text: '{"callers":[]}' })
    expect(await read('key#b', AMPLE)).toEqual({ text: '' })
    expect(await read('key#c', AMPLE)).toEqual({ text: '' })
    expect(await read('key#d', AMPLE)).toBeUndefined()
  })

  it('says that the callers cannot be asked, and why, and reads again afterwards', async () => {
    const { read } = dynamoCallers({ table: CALLERS_TABLE })
    dynamoDb.fail({ kind: 'error' })
    await expect(read('key#a', AMPLE)).rejects.toMatchObject({
      code: 'CALLERS_UNAVAILABLE',
      detail: { reason: 'InternalServerError' },
    })
    dynamoDb.clearFaults()
    expect(await read('key#a', AMPLE)).toBeDefined()
    await expect(dynamoCallers({ table: 'not-made-yet' }).read('key#a', AMPLE)).rejects.toMatchObject({
      code: 'CALLERS_UNAVAILABLE',
      detail: { reason: 'ResourceNotFoundException' },
    })
  })

  it('ends at the deadline', async () => {
    dynamoDb.fail({ kind: 'hang' })
    await expect(
      dynamoCallers({ table: CALLERS_TABLE }).read('key#a', { remainingMs: () => 50 }),
    ).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })
})
