/** The directory in DynamoDB. The only module that touches its client for the directory's table. */

import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchGetCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type * as z from 'zod'
import { type Deadline, deadlineSignal, pause, withinDeadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'
import { faultyField } from '../schemas/issues.ts'
import type { Admission, Directory } from './directory.ts'
import { RevokedTokenItem, revokedTokenKey, TenantItem, tenantKey, UserItem, userKey } from './items.ts'

// A read takes 5 to 20 ms; these bound one try.
const CONNECT_TIMEOUT_MS = 1_000
const REQUEST_TIMEOUT_MS = 1_500
const SDK_ATTEMPTS = 2
/** How often a read that DynamoDB answered in part is asked again for the rest. */
const BATCH_ATTEMPTS = 3
const BATCH_PAUSE_MS = 50

const newClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    }),
  )

export interface DynamoDirectoryDeps {
  readonly table: string
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly client?: DynamoDBDocumentClient
}

type Item = Record<string, unknown>

/** Consistent reads of at most three items in one call; absent items count as "never heard of", epoch 0, not revoked. */
export const dynamoDirectory = ({ table, random, client = newClient() }: DynamoDirectoryDeps): Directory => {
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
    admission: async ({ tenantSpaceId, userId, jti }, deadline): Promise<Admission> => {
      const user = userKey(tenantSpaceId, userId)
      const tenant = tenantKey(tenantSpaceId)
      const revoked = jti === undefined ? undefined : revokedTokenKey(tenantSpaceId, jti)
      const items = await readAll([user, tenant, ...(revoked === undefined ? [] : [revoked])], deadline)
      return {
        user: understood(UserItem, items.get(user)),
        tenantEpoch: understood(TenantItem, items.get(tenant))?.epoch ?? 0,
        isTokenRevoked:
          revoked !== undefined && understood(RevokedTokenItem, items.get(revoked)) !== undefined,
      }
    },

    vouch: async ({ tenantSpaceId, userId, userName }, deadline) => {
      const update = new UpdateCommand({
        TableName: table,
        Key: { pk: userKey(tenantSpaceId, userId) },
        UpdateExpression:
          'SET #kind = :user, #tenant = :tenant, #userId = :userId, #userName = :userName, ' +
          '#status = :active, #epoch = if_not_exists(#epoch, :zero)',
        ConditionExpression: 'attribute_not_exists(pk) OR #status = :active',
        ExpressionAttributeNames: {
          '#kind': 'kind',
          '#tenant': 'tenantSpaceId',
          '#userId': 'userId',
          '#userName': 'userName',
          '#status': 'status',
          '#epoch': 'epoch',
        },
        ExpressionAttributeValues: {
          ':user': 'user',
          ':tenant': tenantSpaceId,
          ':userId': userId,
          ':userName': userName,
          ':active': 'active',
          ':zero': 0,
        },
      })
      await sent(deadline, (abortSignal) => client.send(update, { abortSignal }).catch(unlessNotActive))
    },
  }
}

const sent = async <T>(deadline: Deadline, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  try {
    return await call(deadlineSignal(deadline))
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'Unknown'
    throw deadline.remainingMs() === 0
      ? new BridgeError('DEADLINE_EXCEEDED', 'the directory did not answer in time', { cause: error })
      : unavailable(reason, error)
  }
}

/** The condition of `vouch` failing is an answer: the user is disabled or deleted, and stays so. */
const unlessNotActive = (error: unknown): void => {
  if (!(error instanceof ConditionalCheckFailedException)) throw error
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
