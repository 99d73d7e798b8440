import { BatchGetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Meter, startMeter } from '../../../../tools/bench/cost/meter.ts'
import { type LocalDynamoDb, startDynamoDb } from '../../../../tools/local/dynamodb.ts'

const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'things',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
}

let dynamoDb: LocalDynamoDb
let meter: Meter
let client: DynamoDBClient

beforeAll(async () => {
  dynamoDb = await startDynamoDb({ Table: TABLE })
  meter = await startMeter(dynamoDb.url)
  client = new DynamoDBClient({
    endpoint: meter.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
})

afterAll(async () => {
  client.destroy()
  await meter.close()
  await dynamoDb.close()
})

describe('tools/bench/cost/meter', () => {
  it('hands requests on, and counts the units that DynamoDB would bill', async () => {
    await client.send(new PutItemCommand({ TableName: 'things', Item: { pk: { S: 'a' } } }))
    expect(meter.counted()).toEqual({ calls: 1, readUnits: 0, writeUnits: 1 })
    const Keys = ['a', 'absent'].map((pk) => ({ pk: { S: pk } }))
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { things: { Keys, ConsistentRead: true } } }),
    )
    expect(Responses?.['things']).toEqual([{ pk: { S: 'a' } }])
    expect(meter.counted()).toEqual({ calls: 2, readUnits: 2, writeUnits: 1 })
  })
})
