/** What changes the directory's table beside its users. Each is one atomic write, but for the copies of a revoked key. */

import { PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Deadline } from '../concurrency/deadline.ts'
import type { Directory, DirectoryKeeper, KeyRevocations } from './directory.ts'
import { directoryCalls, directoryUpdates, epochWrite } from './dynamodb-calls.ts'
import { type UserWriteDeps, userWrites } from './dynamodb-users.ts'
import { agentKey, copiesOf, revokedKeyKey, revokedTokenKey, tenantKey } from './items.ts'

/** Whoever has not asked about the key yet asks for the first copy: that is written before all others. */
const eachCopy = async (kid: string, write: (pk: string) => Promise<unknown>): Promise<void> => {
  const [first = '', ...others] = copiesOf(revokedKeyKey(kid))
  await write(first)
  const failed = (await Promise.allSettled(others.map(write))).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** Throws DIRECTORY_UNAVAILABLE and DEADLINE_EXCEEDED; `revokeUser` also USER_UNKNOWN. */
export const directoryWrites = (
  deps: UserWriteDeps,
): Pick<Directory, 'provision' | 'keepUser'> &
  DirectoryKeeper &
  Pick<KeyRevocations, 'revokeKey' | 'retireKey'> => {
  const { table, client } = deps
  const updated = directoryUpdates(deps)
  const put = async (Item: { readonly pk: string; readonly expiresAt?: number }, deadline: Deadline) => {
    const command = new PutCommand({ TableName: table, Item })
    await directoryCalls.answered((abortSignal) => client.send(command, { abortSignal }), deadline)
  }

  return {
    ...userWrites(deps),

    revokeAgent: async ({ tenantSpaceId, userAccount }, deadline) => {
      await updated(epochWrite(agentKey(tenantSpaceId, userAccount)), deadline)
    },

    revokeTenant: async (tenantSpaceId, deadline) => {
      await updated(epochWrite(tenantKey(tenantSpaceId)), deadline)
    },

    revokeToken: ({ tenantSpaceId, jti, keepUntil }, deadline) =>
      put({ pk: revokedTokenKey(tenantSpaceId, jti), expiresAt: keepUntil }, deadline),

    revokeKey: (kid, deadline) => eachCopy(kid, (pk) => put({ pk }, deadline)),

    retireKey: (kid, endsAt, deadline) =>
      eachCopy(kid, (pk) =>
        updated(
          {
            Key: { pk },
            UpdateExpression: 'SET #endsAt = :endsAt',
            ConditionExpression: 'attribute_not_exists(pk)',
            ExpressionAttributeNames: { '#endsAt': 'endsAt' },
            ExpressionAttributeValues: { ':endsAt': endsAt },
          },
          deadline,
        ),
      ),
  }
}
