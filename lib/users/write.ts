/** What a back end says about a user: entered, renamed, disabled, enabled or deleted. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { DirectoryKeeper } from '../directory/directory.ts'
import { lastTokenEnds } from '../jwt/last-token.ts'
import type { UserChange } from '../schemas/users.ts'

export interface UserWriterDeps {
  readonly directory: Pick<DirectoryKeeper, 'putUser' | 'deleteUser'>
  readonly now: () => Date
}

/** Writes one user. It is in force within a second, in every sandbox, and may be repeated. Throws what the directory throws. */
export const userWriter =
  ({ directory, now }: UserWriterDeps) =>
  (
    { tenantSpaceId, ...user }: UserChange & { readonly tenantSpaceId: string },
    deadline: Deadline,
  ): Promise<void> =>
    user.status === 'deleted'
      ? directory.deleteUser(
          { tenantSpaceId, userId: user.userId, keepUntil: lastTokenEnds(now()) },
          deadline,
        )
      : directory.putUser({ tenantSpaceId, ...user }, deadline)
