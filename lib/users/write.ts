/** What a back end says about a user: entered, renamed, disabled, enabled or deleted. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { DirectoryKeeper } from '../directory/directory.ts'
import type { UserChange } from '../schemas/users.ts'

export interface UserWriterDeps {
  readonly directory: Pick<DirectoryKeeper, 'putUser' | 'deleteUser'>
  /** Until when a deleted user is kept as a tombstone, in epoch seconds. */
  readonly lastToken: (deadline: Deadline) => Promise<number>
}

/**
 * Writes one user. It is in force within a second, in every sandbox, and may be repeated. Throws what the directory and `lastToken`
 * throw.
 */
export const userWriter =
  ({ directory, lastToken }: UserWriterDeps) =>
  async (
    { tenantSpaceId, ...user }: UserChange & { readonly tenantSpaceId: string },
    deadline: Deadline,
  ): Promise<void> => {
    if (user.status !== 'deleted') return directory.putUser({ tenantSpaceId, ...user }, deadline)
    const { userId } = user
    return directory.deleteUser({ tenantSpaceId, userId, keepUntil: await lastToken(deadline) }, deadline)
  }
