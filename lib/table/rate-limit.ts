/** Limits that all sandboxes count together: so many calls in a window of the clock. */

import { createHash } from 'node:crypto'
import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Log, LogFields } from '../log.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { Table } from './table.ts'
import { isUnreadable } from './unreadable.ts'

const KEPT_SECONDS = 3600

export interface RateLimitDeps {
  readonly table: Table
  readonly now: () => Date
  readonly log: Log
}

export interface RateLimit {
  /** Length of the window in seconds. */
  readonly seconds: number
  /** Calls in a window. */
  readonly most: number
  /** The field of the request at fault, for the message. */
  readonly field: string
}

/** Whose call is counted. */
export interface CountedCall {
  /** Begins the item's key, so that a policy can give each function its own counters. */
  readonly owner: string
  /** What is counted apart. Only a digest is stored, since they name people. */
  readonly fields: readonly string[]
  /** For the log line of a table that is unreadable. */
  readonly noted: Pick<LogFields, 'tenantSpaceId'>
}

/**
 * Counts a call. Throws RATE_EXCEEDED, with the seconds until the next window, for one over the limit. With the table
 * unreadable nothing is counted and nothing refused; that is logged.
 */
export type CountCall = (call: CountedCall, limit: RateLimit, deadline: Deadline) => Promise<void>

export const rateLimits =
  ({ table, now, log }: RateLimitDeps): CountCall =>
  async ({ owner, fields, noted }, { seconds, most, field }, deadline) => {
    const at = now().getTime() / 1000
    const window = Math.floor(at / seconds)
    const who = createHash('sha256').update(JSON.stringify(fields)).digest('base64url')
    const pk = lengthPrefixed(owner, 'calls', who, String(window))
    let calls: number
    try {
      calls = await table.count(pk, Math.ceil(at) + KEPT_SECONDS, deadline)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      const reason = error.detail.reason ?? error.code
      log('WARN', { code: 'TOKEN_STORE_UNAVAILABLE', system: owner, ...noted, reason })
      return
    }
    if (calls <= most) return
    const retryAfterSeconds = Math.max(1, Math.ceil((window + 1) * seconds - at))
    throw new BridgeError('RATE_EXCEEDED', `${field}: expected at most ${most} calls in ${seconds} s`, {
      detail: { field, retryAfterSeconds },
    })
  }
