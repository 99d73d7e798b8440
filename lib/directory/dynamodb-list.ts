/** The index of the directory's users by their tenants. Not of the last moment: an index follows its table. */

import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { faultyField } from '../schemas/issues.ts'
import { type DirectoryTable, directoryCalls } from './dynamodb-calls.ts'
import { userKey } from './items.ts'
import type { ShownUser } from './user-reads.ts'

const INDEX = 'users'

/** What the index has of a user beside its keys. A tombstone has no tenant, and so is not in it. */
export const INDEXED = ['userName', 'status', 'justInTime'] as const

const Entry = z.object({
  userId: z.string(),
  userName: z.string(),
  status: z.enum(['active', 'disabled']),
  justInTime: z.optional(z.literal(true)),
})

export interface UserPage {
  readonly users: readonly ShownUser[]
  /** After whom the next page begins. Absent on the last. */
  readonly last?: string
}

/** A page of a tenant's users, ordered by the UTF-8 of their ids. `after`: the id that the page before ended with. */
export type UserList = (
  asked: { readonly tenantSpaceId: string; readonly limit: number; readonly after?: string | undefined },
  deadline: Deadline,
) => Promise<UserPage>

/** Throws DIRECTORY_UNAVAILABLE, DIRECTORY_MALFORMED or DEADLINE_EXCEEDED. */
export const userList =
  ({ table, client }: DirectoryTable): UserList =>
  async ({ tenantSpaceId, limit, after }, deadline) => {
    const query = new QueryCommand({
      TableName: table,
      IndexName: INDEX,
      KeyConditionExpression: '#tenant = :tenant',
      ExpressionAttributeNames: { '#tenant': 'tenantSpaceId' },
      ExpressionAttributeValues: { ':tenant': tenantSpaceId },
      Limit: limit,
      ...(after === undefined
        ? {}
        : { ExclusiveStartKey: { pk: userKey(tenantSpaceId, after), tenantSpaceId, userId: after } }),
    })
    const reply = await directoryCalls.answered(
      (abortSignal) => client.send(query, { abortSignal }),
      deadline,
    )
    const last: unknown = reply.LastEvaluatedKey?.['userId']
    return {
      users: (reply.Items ?? []).map(shown),
      ...(typeof last === 'string' ? { last } : {}),
    }
  }

const shown = (item: object): ShownUser => {
  const { success, data, error } = Entry.safeParse(item)
  if (success) {
    const { userId, userName, status, justInTime } = data
    return { userId, userName, status, ...(justInTime ? { justInTime } : {}) }
  }
  const field = faultyField(error)
  throw new BridgeError('DIRECTORY_MALFORMED', `an item of the list is not usable: ${field}`, {
    detail: { field },
  })
}
