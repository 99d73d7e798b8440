/** The directory in DynamoDB. The only module that touches its client for the directory's table. */

import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type * as z from 'zod'
import { type Deadline, deadlineSignal, pause, withinDeadline } from '../concurrency/deadline.ts'
import { documentClient, isConditionFailure } from '../dynamodb.ts'
import { BridgeError } from '../errors.ts'
import { faultyField } from '../schemas/issues.ts'
import type { Admission, Directory, DirectoryKeeper, KeyRevocations } from './directory.ts'
import {
  RevokedKeyItem,
  RevokedTokenItem,
  revokedKeyKey,
  revokedTokenKey,
  TenantItem,
  tenantKey,
  UserItem,
  userKey,
} from './items.ts'

// A read takes 5 to 20 ms; these bound one try.
const LIMITS = { connectMs: 1_000, requestMs: 1_500, attempts: 2 }
/** How often a read that DynamoDB answered in part is asked again for the rest. */
const BATCH_ATTEMPTS = 3
const BATCH_PAUSE_MS = 50
/** More items than that BatchGetItem refuses. */
const BATCH_ITEMS = 100

export interface DynamoDirectoryDeps {
  readonly table: string
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly client?: DynamoDBDocumentClient
}

type Item = Record<string, unknown>

/** Consistent reads of all items of one question in one call; absent items count as "never heard of", epoch 0, not revoked. */
export const dynamoDirectory = ({
  table,
  random,
  client = documentClient(LIMITS),
}: DynamoDirectoryDeps): Directory & DirectoryKeeper & KeyRevocations => {
  const readAll = async (
    keys: readonly string[],
    deadline: Deadline,
  ): Promise<ReadonlyMap<unknown, Item>> => {
    const found = new Map<unknown, Item>()
    let missing: Item[] = keys.map((pk) => ({ pk }))
    for (let attempt = 1; missing.length > 0; attempt++) {
      if (attempt > BATCH_ATTEMPTS) throw unavailable('UnprocessedKeys')
      if (attempt > 1) await withinDeadline(pause(random() * BATCH_PAUSE_MS * 2 ** attempt), deadline)
      const reply = await sent(deadline, (abortSignal) =>
        client.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys: missing, ConsistentRead: true } } }),
          { abortSignal },
        ),
      )
      for (const item of reply.Responses?.[table] ?? []) found.set(item['pk'], item)
      missing = reply.UnprocessedKeys?.[table]?.Keys ?? []
    }
    return found
  }

  return {
    admission: async ({ tenantSpaceId, userId, jti, kid }, deadline): Promise<Admission> => {
      const user = userKey(tenantSpaceId, userId)
      const tenant = tenantKey(tenantSpaceId)
      const token = jti === undefined ? undefined : revokedTokenKey(tenantSpaceId, jti)
      const signingKey = kid === undefined ? undefined : revokedKeyKey(kid)
      const named = [user, tenant, token, signingKey].filter((key) => key !== undefined)
      const items = await readAll(named, deadline)
      return {
        user: understood(UserItem, items.get(user)),
        tenantEpoch: understood(TenantItem, items.get(tenant))?.epoch ?? 0,
        isTokenRevoked: understood(RevokedTokenItem, items.get(token)) !== undefined,
        isKeyRevoked: understood(RevokedKeyItem, items.get(signingKey)) !== undefined,
      }
    },

    revokedKeys: async (kids, deadline) => {
      const wanted = [...new Set(kids)]
      const revoked = new Set<string>()
      for (let at = 0; at < wanted.length; at += BATCH_ITEMS) {
        const batch = wanted.slice(at, at + BATCH_ITEMS)
        const items = await readAll(batch.map(revokedKeyKey), deadline)
        for (const kid of batch) {
          if (understood(RevokedKeyItem, items.get(revokedKeyKey(kid))) !== undefined) revoked.add(kid)
        }
      }
      return revoked
    },

    revokeKey: async (kid, deadline) => {
      const put = new PutCommand({ TableName: table, Item: { pk: revokedKeyKey(kid) } })
      await sent(deadline, (abortSignal) => client.send(put, { abortSignal }))
    },

    provision: async ({ tenantSpaceId, userId, userName }, deadline) => {
      const write = userWrite({ tenantSpaceId, userId, userName, status: 'active', justInTime: true })
      const ifActive = { ConditionExpression: 'attribute_not_exists(pk) OR #status = :status' }
      const update = new UpdateCommand({ TableName: table, ...write, ...ifActive })
      await sent(deadline, (abortSignal) =>
        client.send(update, { abortSignal }).catch(unlessCondition(() => undefined)),
      )
    },

    putUser: async (user, deadline) => {
      const update = new UpdateCommand({ TableName: table, ...userWrite(user) })
      await sent(deadline, (abortSignal) => client.send(update, { abortSignal }))
    },

    revokeUser: async ({ tenantSpaceId, userId }, deadline) => {
      const write = epochWrite(userKey(tenantSpaceId, userId))
      const update = new UpdateCommand({
        TableName: table,
        ...write,
        ConditionExpression: 'attribute_exists(pk)',
      })
      await sent(deadline, (abortSignal) =>
        client.send(update, { abortSignal }).catch(unlessCondition(unknownUser)),
      )
    },

    revokeTenant: async (tenantSpaceId, deadline) => {
      const update = new UpdateCommand({ TableName: table, ...epochWrite(tenantKey(tenantSpaceId)) })
      await sent(deadline, (abortSignal) => client.send(update, { abortSignal }))
    },

    revokeToken: async ({ tenantSpaceId, jti, keepUntil }, deadline) => {
      const Item = { pk: revokedTokenKey(tenantSpaceId, jti), expiresAt: keepUntil }
      await sent(deadline, (abortSignal) =>
        client.send(new PutCommand({ TableName: table, Item }), { abortSignal }),
      )
    },
  }
}

/** Sets what a user is. The epoch begins at 0 and only ever rises: with each disabling by one. */
const userWrite = ({
  tenantSpaceId,
  userId,
  userName,
  status,
  justInTime = false,
}: Omit<UserItem, 'pk' | 'kind' | 'epoch'>) => ({
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

const epochWrite = (pk: string) => ({
  Key: { pk },
  UpdateExpression: 'ADD #epoch :one',
  ExpressionAttributeNames: { '#epoch': 'epoch' },
  ExpressionAttributeValues: { ':one': 1 },
})

const unknownUser = (): never => {
  throw new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', {
    detail: { field: 'userId' },
  })
}

const sent = async <T>(deadline: Deadline, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  try {
    return await call(deadlineSignal(deadline))
  } catch (error) {
    if (error instanceof BridgeError) throw error
    const reason = error instanceof Error ? error.name : 'Unknown'
    throw deadline.remainingMs() === 0
      ? new BridgeError('DEADLINE_EXCEEDED', 'the directory did not answer in time', { cause: error })
      : unavailable(reason, error)
  }
}

/** A condition that fails is an answer, not an outage. */
const unlessCondition =
  (answer: () => void) =>
  (error: unknown): void => {
    if (!isConditionFailure(error)) throw error
    answer()
  }

const unavailable = (reason: string, cause?: unknown): BridgeError =>
  new BridgeError('DIRECTORY_UNAVAILABLE', `the directory cannot be asked (${reason})`, {
    detail: { reason },
    cause,
  })

const understood = <T>(schema: z.ZodType<T>, item: Item | undefined): T | undefined => {
  if (item === undefined) return undefined
  const result = schema.safeParse(item)
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw new BridgeError('DIRECTORY_MALFORMED', `a directory item is not usable: ${field}`, {
    detail: { field },
  })
}
