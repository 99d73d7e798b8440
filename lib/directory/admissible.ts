/** Whether a user may have a token: the rule for every kind of token that is issued. */

import { BridgeError } from '../errors.ts'
import type { Admission, DirectoryUser, KnownUser } from './directory.ts'

interface Named {
  readonly userName: string
}

/** Whether the directory has the user at all, active or not. A tombstone is no user. */
export const isKnown = (user: DirectoryUser | undefined): user is KnownUser =>
  user !== undefined && user.status !== 'deleted'

/** Whether the directory has the user as active, and under this name. */
export const isAdmissible = ({ user: known }: Pick<Admission, 'user'>, { userName }: Named): boolean =>
  known?.status === 'active' && known.userName === userName

/** Throws USER_UNKNOWN, USER_DISABLED, or USER_NAME_DIFFERS from the directory's. */
export const assertAdmissible = ({ user: known }: Pick<Admission, 'user'>, { userName }: Named): void => {
  if (!isKnown(known)) {
    throw new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', {
      detail: { field: 'userId' },
    })
  }
  if (known.status !== 'active') {
    throw new BridgeError('USER_DISABLED', 'userId: expected an active user', { detail: { field: 'userId' } })
  }
  if (known.userName !== userName) {
    throw new BridgeError('USER_NAME_DIFFERS', "userName: expected the directory's name of this user", {
      detail: { field: 'userName' },
    })
  }
}
