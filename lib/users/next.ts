/** The mark between two pages of a list. It says where the next page begins, and no page of another tenant takes it. */

import { createHash } from 'node:crypto'
import { BridgeError } from '../errors.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import { NEXT_EXPECTED } from '../schemas/users.ts'

const CHECK_BYTES = 8

/** Not a secret: what is listed is decided by the request's own tenant alone. It finds a mark that was cut or mixed up. */
const checkOf = (tenantSpaceId: string, userId: string): Buffer =>
  createHash('sha256')
    .update(lengthPrefixed('next', tenantSpaceId, userId))
    .digest()
    .subarray(0, CHECK_BYTES)

export const nextMark = (tenantSpaceId: string, userId: string): string =>
  Buffer.concat([checkOf(tenantSpaceId, userId), Buffer.from(userId)]).toString('base64url')

/** The id that the page before ended with. Throws BODY_INVALID for anything but a mark that this tenant was given. */
export const userIdOfMark = (tenantSpaceId: string, mark: string): string => {
  const userId = Buffer.from(mark, 'base64url').subarray(CHECK_BYTES).toString()
  if (userId === '' || nextMark(tenantSpaceId, userId) !== mark)
    throw new BridgeError('BODY_INVALID', `next: ${NEXT_EXPECTED}`, { detail: { field: 'next' } })
  return userId
}
