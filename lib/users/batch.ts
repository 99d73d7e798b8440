/** Many users in one request, each with a result of its own. */

import type * as z from 'zod/mini'
import type { Deadline } from '../concurrency/deadline.ts'
import { runJobs } from '../concurrency/pool.ts'
import { asBridgeError, BridgeError, type ErrorCode } from '../errors.ts'
import { describeFaults, faultyField } from '../schemas/issues.ts'
import type { UserChange } from '../schemas/users.ts'

/** What became of an entry: written, or why not. */
export type EntryResult =
  | { readonly user: UserChange }
  | { readonly failure: BridgeError; readonly user?: UserChange }

export interface BatchWork {
  /** Told of each entry that was tried, how that ended. */
  readonly ended: (user: UserChange, failure?: BridgeError) => void
}

/** As many at a time: each connection that a start opens costs a handshake. */
const AT_A_TIME = 10

/**
 * Writes each entry that is right, and gives the results in the order of the entries. Of two entries of one user the second is refused:
 * which of them counts would be chance. Throws nothing: the same batch may be sent again, also where some of it was written.
 */
export const userBatch =
  (entry: z.ZodMiniType<UserChange>, write: (user: UserChange) => Promise<void>, { ended }: BatchWork) =>
  async (entries: readonly unknown[], deadline: Deadline): Promise<readonly EntryResult[]> => {
    const seen = new Set<string>()
    const checked = entries.map((given, at): EntryResult => {
      const { success, data: user, error } = entry.safeParse(given)
      const path = `users.${at}`
      if (!success) return { failure: wrong(path, describeFaults(error, path), faultyField(error, '')) }
      if (seen.has(user.userId)) return { failure: wrong(path, `userId: ${ONCE}`, 'userId'), user }
      seen.add(user.userId)
      return { user }
    })
    const results = [...checked]
    // What the deadline leaves over fails as late, by the write itself.
    await runJobs(
      [...checked.entries()],
      async ([at, result]) => {
        if ('failure' in result) return
        const { user } = result
        const failure = await write(user).then(() => undefined, asBridgeError)
        if (failure !== undefined) results[at] = { failure, user }
        ended(user, failure)
      },
      { concurrency: AT_A_TIME, reserveMs: -1, deadline },
    )
    return results
  }

const ONCE = 'expected each user once'

const wrong = (path: string, message: string, field: string): BridgeError =>
  new BridgeError('BODY_INVALID', message, { detail: { field: field === '' ? path : `${path}.${field}` } })

/** What a batch answers: each entry as it was written, or in the words of the route's errors why not. */
export interface BatchAnswer {
  readonly users: readonly object[]
  readonly failed: number
  /** For the log: the code of the first failure that is not the sender's. */
  readonly reason?: ErrorCode
  /** Where some of it can be sent again: in how many seconds. */
  readonly retryAfterSeconds?: number
}

/** As long as DynamoDB needs to take in more of a tenant than before. */
const RETRY_SECONDS = 5

/** `worded`: how the route words a failure. An entry that failed also has its `userId`, where it has one. */
export const batchAnswer = (
  results: readonly EntryResult[],
  worded: (failure: BridgeError, requestId: string) => { readonly body: object | string },
): BatchAnswer => {
  const failures = results.flatMap((result) => ('failure' in result ? [result.failure] : []))
  const ours = failures.find(({ kind }) => kind !== 'malformed')
  return {
    users: results.map((result) => {
      if (!('failure' in result)) return result.user
      const named = result.user === undefined ? {} : { userId: result.user.userId }
      return { ...named, ...Object(worded(result.failure, '').body) }
    }),
    failed: failures.length,
    ...(ours === undefined ? {} : { reason: ours.code }),
    ...(failures.some(({ kind }) => kind === 'unavailable') ? { retryAfterSeconds: RETRY_SECONDS } : {}),
  }
}
