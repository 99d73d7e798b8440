/** How the directory's table is called, and how a call fails. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
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
