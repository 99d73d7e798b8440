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

export interface DynamoDbFault {
  /**
   * `error`: 500, nothing done. `throttle`: as for a table that is asked too much. `reset`: the connection breaks,
   * nothing done. `lost`: done, and then the connection breaks. `hang`: no answer until the client gives up.
   */
  readonly kind: 'error' | 'throttle' | 'reset' | 'lost' | 'hang'
  /** Default: every action. */
  readonly action?: string
  /** Which part of the requests it hits, 0 to 1; default 1. */
  readonly share?: number
  /** 0 ≤ x < 1, below `share` for a hit. Default: hits spread evenly by count, so that a test can be repeated. */
  readonly random?: () => number
}

export interface LocalDynamoDb {
  readonly url: string
  put(tableName: string, items: readonly object[]): Promise<void>
  /** From now on requests fail, `put` among them, until `clearFaults`. Of several faults the first that hits counts. */
  fail(fault: DynamoDbFault): void
  clearFaults(): void
  /** Requests since the start or the last reset, failed ones and the SDK's repeats included; of one action, or of all. */
  calls(action?: string): number
  resetCalls(): void
  close(): Promise<void>
}

/** Starts on a free port and creates every `AWS::DynamoDB::Table` of `resources`. Checks no credentials. */
export const startDynamoDb = async (resources: CloudFormationResources): Promise<LocalDynamoDb> => {
  const server = dynalite({ createTableMs: 0 })
  const [answer] = server.listeners('request') as RequestListener[]
  if (!answer) throw new TypeError('dynalite has no request listener: has its version changed?')
  const faults = faultyListener(fromThisMachineOnly(answer))
  server.removeAllListeners('request').on('request', faults.listener)
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
  faults.resetCalls()
  return {
    url,
    fail: faults.fail,
    clearFaults: faults.clearFaults,
    calls: faults.calls,
    resetCalls: faults.resetCalls,
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

type Response = ServerResponse & { req: IncomingMessage }

/**
 * dynalite answers any page that a browser shows (`Access-Control-Allow-Origin: *`), whatever name led to it,
 * and throws out of the process when a client goes away in the middle of a request. Neither happens here.
 */
const fromThisMachineOnly =
  (answer: RequestListener) =>
  (request: IncomingMessage, response: Response): void => {
    const host = request.headers.host?.replace(/:\d+$/, '')
    if (request.headers.origin || (host !== LOOPBACK && host !== 'localhost')) {
      response.writeHead(403).end()
      return
    }
    answer(request, response)
    request.removeAllListeners('error').on('error', () => {})
  }

/** Stands before the emulator: counts what comes, and answers in its place where a fault is due. */
const faultyListener = (answer: (request: IncomingMessage, response: Response) => void) => {
  let faults: ((action: string) => DynamoDbFault | undefined)[] = []
  const received = new Map<string, number>()
  return {
    fail: (fault: DynamoDbFault): void => {
      const { share = 1, random } = fault
      let asked = 0
      faults.push((action) => {
        if (fault.action !== undefined && fault.action !== action) return undefined
        asked += 1
        const isHit = random ? random() < share : Math.floor(asked * share) > Math.floor((asked - 1) * share)
        return isHit ? fault : undefined
      })
    },
    clearFaults: (): void => {
      faults = []
    },
    calls: (of?: string): number =>
      of === undefined ? [...received.values()].reduce((sum, n) => sum + n, 0) : (received.get(of) ?? 0),
    resetCalls: (): void => received.clear(),
    listener: (request: IncomingMessage, response: Response): void => {
      const action = String(request.headers['x-amz-target'] ?? '').replace(/^DynamoDB_\d+\./, '')
      received.set(action, (received.get(action) ?? 0) + 1)
      let due: DynamoDbFault | undefined
      for (const fault of faults) due ??= fault(action)
      if (due === undefined || misbehave(due, request, response)) answer(request, response)
    },
  }
}

/** Returns whether the emulator shall do its work all the same. */
const misbehave = ({ kind }: DynamoDbFault, request: IncomingMessage, response: Response): boolean => {
  const breakOff = () => request.socket.resetAndDestroy()
  if (kind === 'lost') {
    response.end = () => {
      breakOff()
      return response
    }
    return true
  }
  request.on('error', () => {}).resume()
  if (kind === 'reset') breakOff()
  if (kind === 'error') refuse(response, 500, 'com.amazonaws.dynamodb.v20120810#InternalServerError')
  if (kind === 'throttle') refuse(response, 400, 'com.amazon.coral.availability#ThrottlingException')
  return false
}

const refuse = (response: Response, status: number, type: string): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
  response.end(JSON.stringify({ __type: type, message: 'Injected fault' }))
}
