/** Reading the callers table in DynamoDB. Nothing here writes: an operator's command alone does. */

import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { Deadline } from '../concurrency/deadline.ts'
import { documentClient, dynamoCalls } from '../dynamodb.ts'
import { BridgeError } from '../errors.ts'
import type { CallerItem } from './items.ts'

// A read takes 5 to 20 ms; these bound one try.
const LIMITS = { connectMs: 1_000, requestMs: 1_500, attempts: 2 }

export interface CallerItems {
  /**
   * The item of that key, read consistently, or undefined where there is none. Checks nothing of what it says.
   * Throws CALLERS_UNAVAILABLE with `reason`, or DEADLINE_EXCEEDED.
   */
  readonly read: (pk: string, deadline: Deadline) => Promise<CallerItem | undefined>
}

export interface DynamoCallersDeps {
  readonly table: string
  /** Default: one of its own, that waits a second for a connection and 1.5 s for an answer, twice at most. */
  readonly client?: DynamoDBDocumentClient
}

/** The table by its name. Makes its client with the first read: most stages list all callers in the secret, and never ask. */
export const dynamoCallers = ({ table, client }: DynamoCallersDeps): CallerItems => {
  let made = client
  return {
    read: async (pk, deadline) => {
      made ??= documentClient(LIMITS)
      const asked = made
      const get = new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true })
      const { Item } = await calls.answered((abortSignal) => asked.send(get, { abortSignal }), deadline)
      if (Item === undefined) return undefined
      const text: unknown = Item['entries']
      // What is no text is no JSON either: the item is then left out as a whole.
      return { text: typeof text === 'string' ? text : '' }
    },
  }
}

const calls = dynamoCalls({
  late: (cause) =>
    new BridgeError('DEADLINE_EXCEEDED', 'the callers table did not answer in time', { cause }),
  unavailable: (reason, cause) =>
    new BridgeError('CALLERS_UNAVAILABLE', `the callers table cannot be asked (${reason})`, {
      detail: { reason },
      cause,
    }),
})
