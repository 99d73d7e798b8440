/** Items of the directory's table by their keys: how they are asked for in DynamoDB. */

import { BatchGetCommand } from '@aws-sdk/lib-dynamodb'
import { type Deadline, pause as realPause, withinDeadline } from '../concurrency/deadline.ts'
import { type DirectoryTable, directoryCalls, directoryUnavailable } from './dynamodb-calls.ts'

export type Item = Readonly<Record<string, unknown>>

export interface DirectoryItems {
  /**
   * The items of these keys by their keys; absent ones are left out. Throws DIRECTORY_UNAVAILABLE or DEADLINE_EXCEEDED, and never
   * gives a part of an answer.
   */
  readonly read: (keys: readonly string[], deadline: Deadline) => Promise<ReadonlyMap<string, Item>>
}

export interface ItemReadsDeps extends DirectoryTable {
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** Between two tries. Default by real time. */
  readonly pause?: (ms: number) => Promise<void>
}

/** How often a read that DynamoDB answered in part is asked again for the rest. */
const BATCH_ATTEMPTS = 3
const BATCH_PAUSE_MS = 50
/** More items than that BatchGetItem refuses. */
const BATCH_ITEMS = 100

/** Reads consistently, up to 100 items in one call. An answer in part is asked again for the rest. */
export const itemReads = ({ table, random, client, pause = realPause }: ItemReadsDeps): DirectoryItems => {
  const readBatch = async (keys: readonly string[], found: Map<string, Item>, deadline: Deadline) => {
    let missing: Record<string, unknown>[] = keys.map((pk) => ({ pk }))
    for (let attempt = 1; missing.length > 0; attempt++) {
      if (attempt > BATCH_ATTEMPTS) throw directoryUnavailable('UnprocessedKeys')
      if (attempt > 1) await withinDeadline(pause(random() * BATCH_PAUSE_MS * 2 ** attempt), deadline)
      const get = new BatchGetCommand({ RequestItems: { [table]: { Keys: missing, ConsistentRead: true } } })
      const reply = await directoryCalls.answered(
        (abortSignal) => client.send(get, { abortSignal }),
        deadline,
      )
      for (const item of reply.Responses?.[table] ?? []) found.set(String(item['pk']), item)
      missing = reply.UnprocessedKeys?.[table]?.Keys ?? []
    }
  }

  return {
    read: async (keys, deadline) => {
      const found = new Map<string, Item>()
      for (let at = 0; at < keys.length; at += BATCH_ITEMS)
        await readBatch(keys.slice(at, at + BATCH_ITEMS), found, deadline)
      return found
    },
  }
}
