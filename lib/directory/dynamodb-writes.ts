/** What changes the directory's table. Each is one atomic write, but for the copies of a revoked key. */

import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Directory, DirectoryKeeper, KeyRevocations } from './directory.ts'
import { type DirectoryTable, directoryCalls } from './dynamodb-calls.ts'
import {
  agentKey,
  copiesOf,
  revokedKeyKey,
  revokedTokenKey,
  tenantKey,
  type UserItem,
  userKey,
} from './items.ts'

/** Whoever has not asked about the key yet asks for the first copy: that is written before all others. */
const eachCopy = async (kid: string, write: (pk: string) => Promise<unknown>): Promise<void> => {
  const [first = '', ...others] = copiesOf(revokedKeyKey(kid))
  await write(first)
  const failed = (await Promise.allSettled(others.map(write))).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** Throws DIRECTORY_UNAVAILABLE and DEADLINE_EXCEEDED; `revokeUser` also USER_UNKNOWN. */
export const directoryWrites = ({
  table,
  client,
}: DirectoryTable): Pick<Directory, 'provision'> &
  DirectoryKeeper &
  Pick<KeyRevocations, 'revokeKey' | 'retireKey'> => {
  /** Whether it was done: false when its condition did not hold. */
  const updated = (write: Write, deadline: Deadline): Promise<boolean> => {
    const update = new UpdateCommand({ TableName: table, ...write })
    return directoryCalls.written((abortSignal) => client.send(update, { abortSignal }), deadline)
  }
  const put = async (Item: { readonly pk: string; readonly expiresAt?: number }, deadline: Deadline) => {
    const command = new PutCommand({ TableName: table, Item })
    await directoryCalls.answered((abortSignal) => client.send(command, { abortSignal }), deadline)
  }

  return {
    provision: async ({ tenantSpaceId, userId, userName }, deadline) => {
      const write = userWrite({ tenantSpaceId, userId, userName, status: 'active', justInTime: true })
      const ConditionExpression = 'attribute_not_exists(pk) OR #status = :status'
      await updated({ ...write, ConditionExpression }, deadline)
    },

    putUser: async (user, deadline) => {
      await updated(userWrite(user), deadline)
    },

    revokeUser: async ({ tenantSpaceId, userId }, deadline) => {
      const write = epochWrite(userKey(tenantSpaceId, userId))
      const ConditionExpression = 'attribute_exists(pk)'
      if (!(await updated({ ...write, ConditionExpression }, deadline))) throw unknownUser()
    },

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

interface Write {
  readonly Key: { readonly pk: string }
  readonly UpdateExpression: string
  readonly ConditionExpression?: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues: Record<string, unknown>
}

/** Sets what a user is. The epoch begins at 0 and only ever rises: with each disabling by one. */
const userWrite = ({
  tenantSpaceId,
  userId,
  userName,
  status,
  justInTime = false,
}: Omit<UserItem, 'pk' | 'kind' | 'epoch'>): Write => ({
  Key: { pk: userKey(tenantSpaceId, userId) },
  UpdateExpression:
    'SET #kind = :kind, #tenant = :tenant, #userId = :userId, #userName = :userName, #status = :status, ' +
    `#epoch = if_not_exists(#epoch, :zero) + :raise${justInTime ? ', #justInTime = :true' : ' REMOVE #justInTime'}`,
  ExpressionAttributeNames: {
    '#kind': 'kind',
    '#tenant': 'tenantSpaceId',
    '#userId': 'userId',
    '#userName': 'userName',
    '#status': 'status',
    '#epoch': 'epoch',
    '#justInTime': 'justInTime',
  },
  ExpressionAttributeValues: {
    ':kind': 'user',
    ':tenant': tenantSpaceId,
    ':userId': userId,
    ':userName': userName,
    ':status': status,
    ':zero': 0,
    ':raise': status === 'active' ? 0 : 1,
    ...(justInTime ? { ':true': true } : {}),
  },
})

const epochWrite = (pk: string): Write => ({
  Key: { pk },
  UpdateExpression: 'ADD #epoch :one',
  ExpressionAttributeNames: { '#epoch': 'epoch' },
  ExpressionAttributeValues: { ':one': 1 },
})

const unknownUser = (): BridgeError =>
  new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', { detail: { field: 'userId' } })
