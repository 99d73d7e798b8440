/** Whether a user may have a token: the rule for every kind of token that is issued. */

import type { Deadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Admission, Directory, Subject } from './directory.ts'

/**
 * The admission of an active user that the directory knows under that name. `mayVouch` enters an unknown user, and
 * renames a known one, first. Throws USER_UNKNOWN, USER_NAME_DIFFERS, USER_DISABLED, and what the directory throws.
 */
export const knownUser = async (
  directory: Directory,
  user: Subject & { readonly userName: string },
  mayVouch: boolean,
  deadline: Deadline,
): Promise<Admission> => {
  const isAsKnown = ({ user: known }: Admission) =>
    known?.status === 'active' && known.userName === user.userName
  let admission = await directory.admission(user, deadline)
  if (mayVouch && !isAsKnown(admission)) {
    await directory.vouch(user, deadline)
    admission = await directory.admission(user, deadline)
  }
  const known = admission.user
  if (known === undefined || known.status === 'deleted') {
    throw new BridgeError('USER_UNKNOWN', 'userId: expected a user of the directory', {
      detail: { field: 'userId' },
    })
  }
  if (known.status !== 'active') {
    throw new BridgeError('USER_DISABLED', 'userId: expected an active user', { detail: { field: 'userId' } })
  }
  if (known.userName !== user.userName) {
    throw new BridgeError('USER_NAME_DIFFERS', "userName: expected the directory's name of this user", {
      detail: { field: 'userName' },
    })
  }
  return admission
}
