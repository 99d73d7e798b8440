/** DynamoDB on loopback: dynalite with the tables that serverless.yml describes. In memory, gone when closed. */

import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import dynalite from 'dynalite'
import { LOOPBACK } from './constants.ts'

/** The `Resources` of serverless.yml with its variables resolved, as far as this module reads them. */
export type CloudFormationResources = Record<string, { Type?: string; Properties?: object }>

export interface LocalDynamoDb {
  readonly url: string
  put(tableName: string, items: readonly object[]): Promise<void>
  close(): Promise<void>
}

/** Starts on a free port and creates every `AWS::DynamoDB::Table` of `resources`. */
export const startDynamoDb = async (resources: CloudFormationResources): Promise<LocalDynamoDb> => {
  const server = dynalite({ createTableMs: 0 })
  const [answer] = server.listeners('request') as RequestListener[]
  if (!answer) throw new TypeError('dynalite has no request listener: has its version changed?')
  server.removeAllListeners('request').on('request', fromThisMachineOnly(answer))
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const documents = DynamoDBDocumentClient.from(client)
  for (const table of tableInputs(resources)) await createTable(client, table)
  return {
    url,
    put: async (tableName, items) => {
      for (const item of items) await documents.send(new PutCommand({ TableName: tableName, Item: item }))
    },
    close: async () => {
      client.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections() // a keep-alive connection would hold the close for as long as it lives
      await closed
    },
  }
}

/** CreateTable knows fewer members than CloudFormation (no time to live, backups or encryption by that name). */
export const tableInputs = (resources: CloudFormationResources): CreateTableCommandInput[] =>
  Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::DynamoDB::Table')
    .map(({ Properties }) => {
      const table = Properties as CreateTableCommandInput
      const input: CreateTableCommandInput = {
        TableName: table.TableName,
        AttributeDefinitions: table.AttributeDefinitions,
        KeySchema: table.KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
      }
      if (table.GlobalSecondaryIndexes) input.GlobalSecondaryIndexes = table.GlobalSecondaryIndexes
      if (table.LocalSecondaryIndexes) input.LocalSecondaryIndexes = table.LocalSecondaryIndexes
      return input
    })

const createTable = async (client: DynamoDBClient, input: CreateTableCommandInput): Promise<void> => {
  await client.send(new CreateTableCommand(input))
  const describe = new DescribeTableCommand({ TableName: input.TableName })
  while ((await client.send(describe)).Table?.TableStatus !== 'ACTIVE') await sleep(5)
}

/**
 * dynalite answers any page that a browser shows (`Access-Control-Allow-Origin: *`), whatever name led to it,
 * and throws out of the process when a client goes away in the middle of a request. Neither happens here.
 */
const fromThisMachineOnly =
  (answer: RequestListener) =>
  (request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }): void => {
    const host = request.headers.host?.replace(/:\d+$/, '')
    if (request.headers.origin || (host !== LOOPBACK && host !== 'localhost')) {
      response.writeHead(403).end()
      return
    }
    answer(request, response)
    request.removeAllListeners('error').on('error', () => {})
  }
