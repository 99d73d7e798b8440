/** Alibaba's limit of calls per second and account, and ours per user, counted for all sandboxes together. */

import { createHash } from 'node:crypto'
import type { Deadline } from '../../deadline.ts'
import { BridgeError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { lengthPrefixed } from '../../schemas/length-prefixed.ts'
import type { LiveSettings } from '../../schemas/upstream-settings.ts'
import { isUnreadable } from '../../token-store/stored-tokens.ts'
import type { Table } from '../../token-store/table.ts'

const KEPT_SECONDS = 3600

export interface LimitDeps {
  readonly table: Table
  readonly now: () => Date
  readonly log: Log
}

/**
 * Counts a call before it is signed. Throws RATE_EXCEEDED with the seconds until the next window: over
 * `callsPerUserAndMinute` of the user, then over `callsPerSecond` of the AccessKeyId, which others share. With the
 * table unreadable nothing is counted and nothing refused: Alibaba's own limit still stands.
 */
export type LiveLimits = (
  tenantSpaceId: string,
  userId: string,
  settings: LiveSettings,
  deadline: Deadline,
) => Promise<void>

export const liveLimits = ({ table, now, log }: LimitDeps): LiveLimits => {
  const count = async (
    fields: readonly string[],
    { seconds, most, field }: { seconds: number; most: number; field: string },
    deadline: Deadline,
  ): Promise<void> => {
    const at = now().getTime() / 1000
    const window = Math.floor(at / seconds)
    const pk = lengthPrefixed('live', 'calls', ...fields, String(window))
    const calls = await table.count(pk, Math.ceil(at) + KEPT_SECONDS, deadline)
    if (calls <= most) return
    const retryAfterSeconds = Math.max(1, Math.ceil((window + 1) * seconds - at))
    throw new BridgeError('RATE_EXCEEDED', `${field}: expected at most ${most} calls in ${seconds} s`, {
      detail: { field, retryAfterSeconds },
    })
  }

  return async (tenantSpaceId, userId, settings, deadline) => {
    const { accessKeyId, callsPerSecond, callsPerUserAndMinute } = settings
    try {
      const user = { seconds: 60, most: callsPerUserAndMinute, field: 'UserId' }
      await count(['user', tenantSpaceId, digestOf(userId)], user, deadline)
      const account = { seconds: 1, most: callsPerSecond, field: 'AppId' }
      await count(['account', digestOf(accessKeyId)], account, deadline)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      const reason = error.detail.reason ?? error.code
      log('WARN', { code: 'TOKEN_STORE_UNAVAILABLE', system: 'live', tenantSpaceId, reason })
    }
  }
}

/** The table need not know who calls, and may not hold an AccessKeyId. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
