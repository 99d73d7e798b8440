/** Which UserId Alibaba is told for a user of ours. */

import { createHash } from 'node:crypto'
import { BridgeError } from '../../errors.ts'
import type { LiveSettings } from './settings.ts'
import { LIVE_USER_ID } from './wire.ts'

/**
 * The first 32 lower-case hex digits of the SHA-256 of the id in UTF-8. All are of one length: none begins with another,
 * which Alibaba's computed tokens could not tell apart.
 */
export const derivedUserId = (userId: string): string =>
  createHash('sha256').update(userId, 'utf8').digest('hex').slice(0, 32)

/**
 * `as-is`: the id itself, which must fit Alibaba's pattern, else BODY_INVALID; it is never folded, since two users
 * would become one. `sha256-32`: `derivedUserId`, for every id of the tenant, so that a derived id can never meet an id as
 * it is.
 */
export const liveUserId = (userId: string, { userId: rule }: Pick<LiveSettings, 'userId'>): string => {
  if (rule === 'sha256-32') return derivedUserId(userId)
  if (LIVE_USER_ID.test(userId)) return userId
  throw new BridgeError('BODY_INVALID', 'UserId: expected 1 to 32 of a-z, 0-9, _ and .', {
    detail: { field: 'UserId' },
  })
}
