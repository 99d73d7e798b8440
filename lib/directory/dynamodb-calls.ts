/** How the directory's table is called, and how a call fails. */

import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Deadline } from '../concurrency/deadline.ts'
import { dynamoCalls } from '../dynamodb.ts'
import { BridgeError } from '../errors.ts'

/** The table by its name, and a client for it. */
export interface DirectoryTable {
  readonly table: string
  readonly client: DynamoDBDocumentClient
}

export const directoryUnavailable = (reason: string, cause?: unknown): BridgeError =>
  new BridgeError('DIRECTORY_UNAVAILABLE', `the directory cannot be asked (${reason})`, {
    detail: { reason },
    cause,
  })

/** Calls that throw DIRECTORY_UNAVAILABLE, with the failure's name as `reason`, or DEADLINE_EXCEEDED. */
export const directoryCalls = dynamoCalls({
  late: (cause) => new BridgeError('DEADLINE_EXCEEDED', 'the directory did not answer in time', { cause }),
  unavailable: directoryUnavailable,
})

/** One change of one item. */
export interface Write {
  readonly Key: { readonly pk: string }
  readonly UpdateExpression: string
  readonly ConditionExpression?: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues: Record<string, unknown>
}

/** Whether a change was done: false when its condition did not hold. */
export type Updated = (write: Write, deadline: Deadline) => Promise<boolean>

export const directoryUpdates =
  ({ table, client }: DirectoryTable): Updated =>
  (write, deadline) => {
    const update = new UpdateCommand({ TableName: table, ...write })
    return directoryCalls.written((abortSignal) => client.send(update, { abortSignal }), deadline)
  }

/** Raises an epoch by one. An absent one counts as 0. */
export const epochWrite = (pk: string): Write => ({
  Key: { pk },
  UpdateExpression: 'ADD #epoch :one',
  ExpressionAttributeNames: { '#epoch': 'epoch' },
  ExpressionAttributeValues: { ':one': 1 },
})
