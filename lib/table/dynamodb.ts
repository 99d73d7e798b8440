/** The tokens' table in DynamoDB. The only module that touches its client for that table. */

import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { documentClient, dynamoCalls } from '../dynamodb.ts'
import { BridgeError } from '../errors.ts'
import { addExpressions, updateExpressions } from './expressions.ts'
import { type Item, LISTED, type Table, type Value } from './table.ts'

// A call takes 5 to 20 ms, and whoever waits for it can go to the vendor instead: give up early.
const LIMITS = { connectMs: 500, requestMs: 1_000, attempts: 2 }

const LIST = 'listed'
const SHOWN: readonly string[] = ['pk', 'listedIn', 'listedAt', ...LISTED]

export interface DynamoTableDeps {
  readonly table: string
  /** Default: one of its own, that waits 500 ms for a connection and a second for an answer, twice at most. */
  readonly client?: DynamoDBDocumentClient
}

/**
 * The table by its name, with a global secondary index `listed`. Every failure but that of a condition is
 * TOKEN_STORE_UNAVAILABLE with the error's name as `reason`, also the refusal of a value that DynamoDB does not take.
 * Attributes that are neither text nor number are passed over: nothing here writes any.
 */
export const dynamoTable = ({ table, client = documentClient(LIMITS) }: DynamoTableDeps): Table => ({
  get: async (pk, deadline) => {
    const get = new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true })
    const { Item } = await calls.answered((abortSignal) => client.send(get, { abortSignal }), deadline)
    return Item && shownOf(Item)
  },

  change: async (pk, change, deadline) => {
    const update = new UpdateCommand({ TableName: table, Key: { pk }, ...updateExpressions(change) })
    return calls.written((abortSignal) => client.send(update, { abortSignal }), deadline)
  },

  remove: async (pk, ifSeen, deadline) => {
    const removal = new DeleteCommand({ TableName: table, Key: { pk }, ...updateExpressions({ ifSeen }) })
    return calls.written((abortSignal) => client.send(removal, { abortSignal }), deadline)
  },

  count: async (pk, sweepAt, deadline) => {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk },
      ...addExpressions({ add: { count: 1 }, sweepAt }),
      ReturnValues: 'UPDATED_NEW',
    })
    const { Attributes } = await calls.answered(
      (abortSignal) => client.send(update, { abortSignal }),
      deadline,
    )
    const sum: unknown = Attributes?.['count']
    if (typeof sum !== 'number') throw unavailable('CountMissing')
    return sum
  },

  add: async (pk, amounts, deadline) => {
    const update = new UpdateCommand({ TableName: table, Key: { pk }, ...addExpressions(amounts) })
    await calls.answered((abortSignal) => client.send(update, { abortSignal }), deadline)
  },

  listed: async function* (list, until, deadline) {
    let from: Record<string, unknown> | undefined
    do {
      const query = new QueryCommand({
        TableName: table,
        IndexName: LIST,
        KeyConditionExpression: '#in = :list AND #at <= :until',
        ExpressionAttributeNames: { '#in': 'listedIn', '#at': 'listedAt' },
        ExpressionAttributeValues: { ':list': list, ':until': until },
        ...(from && { ExclusiveStartKey: from }),
      })
      const page: QueryCommandOutput = await calls.answered(
        (abortSignal) => client.send(query, { abortSignal }),
        deadline,
      )
      // a page can be empty and yet not the last
      if (page.Items?.length) yield page.Items.map((item) => shownOf(item, SHOWN))
      from = page.LastEvaluatedKey
    } while (from !== undefined)
  },
})

const shownOf = (item: Readonly<Record<string, unknown>>, shown?: readonly string[]): Item =>
  Object.fromEntries(
    Object.entries(item).filter(
      (entry): entry is [string, Value] =>
        ['string', 'number'].includes(typeof entry[1]) && (shown?.includes(entry[0]) ?? true),
    ),
  )

const unavailable = (reason: string, cause?: unknown): BridgeError =>
  new BridgeError('TOKEN_STORE_UNAVAILABLE', `the token store cannot be asked (${reason})`, {
    detail: { reason },
    cause,
  })

const calls = dynamoCalls({ late: (cause) => unavailable('DeadlineExceeded', cause), unavailable })
