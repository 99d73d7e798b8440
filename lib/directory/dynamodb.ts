/** The directory in DynamoDB: its reads and its writes, over one client. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../dynamodb.ts'
import type { Admissions, Directory, DirectoryKeeper, KeyRevocations } from './directory.ts'
import { directoryReads } from './dynamodb-reads.ts'
import { directoryWrites } from './dynamodb-writes.ts'

// A read takes 5 to 20 ms; these bound one try.
const LIMITS = { connectMs: 1_000, requestMs: 1_500, attempts: 2 }

export interface DynamoDirectoryDeps {
  readonly table: string
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** Between two tries of a read. Default by real time. */
  readonly pause?: (ms: number) => Promise<void>
  /** Default: one of its own, that waits a second for a connection and 1.5 s for an answer, twice at most. */
  readonly client?: DynamoDBDocumentClient
}

/** The directory's admissions alone: what only verifies carries nothing that writes. */
export const dynamoAdmissions = ({
  client = documentClient(LIMITS),
  ...deps
}: DynamoDirectoryDeps): Admissions => directoryReads({ ...deps, client })

/** The whole directory by the name of its table. Every call ends at its deadline, whatever the SDK is doing. */
export const dynamoDirectory = ({
  client = documentClient(LIMITS),
  ...deps
}: DynamoDirectoryDeps): Directory & DirectoryKeeper & KeyRevocations => ({
  ...directoryReads({ ...deps, client }),
  ...directoryWrites({ ...deps, client }),
})
