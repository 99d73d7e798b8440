/** What is asked of the directory's table: all items of one question in one consistent call. */

import { BatchGetCommand } from '@aws-sdk/lib-dynamodb'
import type * as z from 'zod'
import { type Deadline, pause as realPause, withinDeadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { faultyField } from '../schemas/issues.ts'
import type { Directory, KeyRevocations } from './directory.ts'
import { type DirectoryTable, directoryCalls, directoryUnavailable } from './dynamodb-calls.ts'
import {
  AgentItem,
  RevokedKeyItem,
  RevokedTokenItem,
  revokedKeyKey,
  revokedTokenKey,
  subjectKey,
  TenantItem,
  tenantKey,
  UserItem,
} from './items.ts'

/** How often a read that DynamoDB answered in part is asked again for the rest. */
const BATCH_ATTEMPTS = 3
const BATCH_PAUSE_MS = 50
/** More items than that BatchGetItem refuses. */
const BATCH_ITEMS = 100

type Item = Record<string, unknown>

export interface DirectoryReadsDeps extends DirectoryTable {
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** Between two tries. Default by real time. */
  readonly pause?: (ms: number) => Promise<void>
}

/**
 * Absent items count as "never heard of", epoch 0, not revoked. An answer in part is asked again for the rest, and is never
 * taken for the whole. Throws DIRECTORY_UNAVAILABLE, DEADLINE_EXCEEDED, DIRECTORY_MALFORMED with its `field`.
 */
export const directoryReads = (
  deps: DirectoryReadsDeps,
): Pick<Directory, 'admission'> & Pick<KeyRevocations, 'revokedKeys'> => ({
  admission: async ({ kind = 'user', tenantSpaceId, userId, jti, kid }, deadline) => {
    const subject = subjectKey(kind, { tenantSpaceId, userId })
    const tenant = tenantKey(tenantSpaceId)
    const token = jti === undefined ? undefined : revokedTokenKey(tenantSpaceId, jti)
    const signingKey = kid === undefined ? undefined : revokedKeyKey(kid)
    const named = [subject, tenant, token, signingKey].filter((key) => key !== undefined)
    const items = await readAll(deps, named, deadline)
    return {
      ...(kind === 'agent'
        ? { user: undefined, agentEpoch: parsedItem(AgentItem, items.get(subject))?.epoch ?? 0 }
        : { user: parsedItem(UserItem, items.get(subject)) }),
      tenantEpoch: parsedItem(TenantItem, items.get(tenant))?.epoch ?? 0,
      isTokenRevoked: parsedItem(RevokedTokenItem, items.get(token)) !== undefined,
      isKeyRevoked: parsedItem(RevokedKeyItem, items.get(signingKey)) !== undefined,
    }
  },

  revokedKeys: async (kids, deadline) => {
    const wanted = [...new Set(kids)]
    const revoked = new Set<string>()
    for (let at = 0; at < wanted.length; at += BATCH_ITEMS) {
      const batch = wanted.slice(at, at + BATCH_ITEMS)
      const items = await readAll(deps, batch.map(revokedKeyKey), deadline)
      for (const kid of batch) {
        if (parsedItem(RevokedKeyItem, items.get(revokedKeyKey(kid))) !== undefined) revoked.add(kid)
      }
    }
    return revoked
  },
})

const readAll = async (
  { table, random, client, pause = realPause }: DirectoryReadsDeps,
  keys: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<unknown, Item>> => {
  const found = new Map<unknown, Item>()
  let missing: Item[] = keys.map((pk) => ({ pk }))
  for (let attempt = 1; missing.length > 0; attempt++) {
    if (attempt > BATCH_ATTEMPTS) throw directoryUnavailable('UnprocessedKeys')
    if (attempt > 1) await withinDeadline(pause(random() * BATCH_PAUSE_MS * 2 ** attempt), deadline)
    const get = new BatchGetCommand({ RequestItems: { [table]: { Keys: missing, ConsistentRead: true } } })
    const reply = await directoryCalls.answered((abortSignal) => client.send(get, { abortSignal }), deadline)
    for (const item of reply.Responses?.[table] ?? []) found.set(item['pk'], item)
    missing = reply.UnprocessedKeys?.[table]?.Keys ?? []
  }
  return found
}

const parsedItem = <T>(schema: z.ZodType<T>, item: Item | undefined): T | undefined => {
  if (item === undefined) return undefined
  const result = schema.safeParse(item)
  if (result.success) return result.data
  const field = faultyField(result.error)
  throw new BridgeError('DIRECTORY_MALFORMED', `a directory item is not usable: ${field}`, {
    detail: { field },
  })
}
