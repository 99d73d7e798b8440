/** The directory in DynamoDB: its reads and its writes, over one client. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../concurrency/sandbox-time.ts'
import { documentClient } from '../dynamodb.ts'
import { copiedItems } from './copied-items.ts'
import type { Admissions, Directory, DirectoryKeeper, KeyRevocations } from './directory.ts'
import { itemReads } from './dynamodb-items.ts'
import { type UserList, userList } from './dynamodb-list.ts'
import { directoryWrites } from './dynamodb-writes.ts'
import { itemAdmissions, itemRevocations } from './item-admissions.ts'
import { neverBehind } from './never-behind.ts'
import { rememberedItems } from './remembered-items.ts'
import { userQuery } from './user-reads.ts'

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

/** The directory's admissions alone, each read anew: what only signs carries nothing that writes. */
export const dynamoAdmissions = ({
  client = documentClient(LIMITS),
  ...deps
}: DynamoDirectoryDeps): Admissions =>
  itemAdmissions(copiedItems(itemReads({ ...deps, client }), deps.random))

/** For what verifies: the same, but each item is remembered for 500 ms, and read anew for a token that is ahead of it. */
export const recentAdmissions = (
  { client = documentClient(LIMITS), ...deps }: DynamoDirectoryDeps,
  now: Clock,
): Admissions => {
  const items = copiedItems(itemReads({ ...deps, client }), deps.random)
  return neverBehind(itemAdmissions(rememberedItems(items, now)), itemAdmissions(items))
}

/** The whole directory by the name of its table. Every call ends at its deadline, whatever the SDK is doing. */
export const dynamoDirectory = ({
  client = documentClient(LIMITS),
  ...deps
}: DynamoDirectoryDeps): Directory & DirectoryKeeper & KeyRevocations => {
  const items = itemReads({ ...deps, client })
  return {
    ...itemAdmissions(copiedItems(items, deps.random)),
    ...itemRevocations(items),
    ...directoryWrites({ ...deps, client }),
  }
}

/** Users by their ids, for whoever only reads them. */
export const dynamoUserQuery = ({ client = documentClient(LIMITS), ...deps }: DynamoDirectoryDeps) =>
  userQuery(itemReads({ ...deps, client }))

/** The users of a tenant, page by page. */
export const dynamoUserList = ({ table, client = documentClient(LIMITS) }: DynamoDirectoryDeps): UserList =>
  userList({ table, client })
