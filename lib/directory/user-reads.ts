/** Users of the directory for their back end: those that it names, and all of a tenant, page by page. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { KnownUser } from './directory.ts'
import type { DirectoryItems } from './dynamodb-items.ts'
import { parsedUser } from './item-admissions.ts'
import { userKey } from './items.ts'

/** A user as its back end may see it. */
export interface ShownUser extends Pick<KnownUser, 'status' | 'userName'> {
  readonly userId: string
  /** Only where the name is a caller's word. */
  readonly justInTime?: true
}

/** An id that nobody has, or nobody any more. */
export interface UnknownUser {
  readonly userId: string
  readonly status: 'unknown'
}

/**
 * The users of these ids, in their order, read consistently; an id that stands there twice is answered twice. Throws
 * DIRECTORY_UNAVAILABLE, DIRECTORY_MALFORMED or DEADLINE_EXCEEDED.
 */
export const userQuery =
  (items: DirectoryItems) =>
  async (
    tenantSpaceId: string,
    userIds: readonly string[],
    deadline: Deadline,
  ): Promise<readonly (ShownUser | UnknownUser)[]> => {
    const keys = new Map(userIds.map((userId) => [userId, userKey(tenantSpaceId, userId)]))
    const found = await items.read([...keys.values()], deadline)
    return userIds.map((userId) => {
      const user = parsedUser(found.get(keys.get(userId) ?? ''))
      if (user === undefined || user.status === 'deleted') return { userId, status: 'unknown' }
      const { userName, status, justInTime } = user
      return { userId, userName, status, ...(justInTime ? { justInTime: true as const } : {}) }
    })
  }
