/**
 * Users of the local tenant for what is asked thousands of times: a function issues 6,000 tokens to one user in a minute at most, and the
 * directory's memory holds what one user's questions have read.
 */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { userItem } from '../../lib/directory/items.ts'
import { LOCAL_DIRECTORY_TABLE, LOCAL_TENANT } from '../local/constants.ts'

export interface BenchUser {
  readonly userId: string
  readonly userName: string
}

/** As many as `npm run cost` asks questions about, each about another one. */
export const BENCH_USERS: readonly BenchUser[] = Array.from({ length: 400 }, (_, index) => ({
  userId: `bench-${index}`,
  userName: 'Bench',
}))

/** Puts the users into the directory's table of the emulator at `endpoint`. */
export const seedBenchUsers = async (endpoint: string, region: string): Promise<void> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region }))
  const tenantSpaceId = LOCAL_TENANT
  const items = BENCH_USERS.map((user) => userItem({ tenantSpaceId, ...user, status: 'active', epoch: 0 }))
  await Promise.all(
    items.map((Item) => client.send(new PutCommand({ TableName: LOCAL_DIRECTORY_TABLE, Item }))),
  )
  client.destroy()
}

/** The event, its body with this user. */
export const askedFor = (event: object, user: BenchUser): object => ({
  ...event,
  body: JSON.stringify({ ...JSON.parse((event as { readonly body: string }).body), ...user }),
})
