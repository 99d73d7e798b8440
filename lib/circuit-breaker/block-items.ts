/** A block of credentials, as the table has it and as callers hear of it. */

import { FAILURE_CLASSES, type FailureClass, UpstreamFailure } from '../outbound/failures.ts'
import type { Change, Item } from '../table/table.ts'

export type VendorSystem = 'cec' | 'oiap' | 'live'

/** Credentials at a vendor. The fingerprint stands for endpoint, key and secret. */
export interface Account {
  readonly system: VendorSystem
  readonly tenantSpaceId: string
  readonly fingerprint: string
}

/** The list of the table that blocks are in, for whoever wants to see or lift them. */
export const BLOCKS_LIST = 'blocks'
const KEPT_SECONDS = 7 * 24 * 3600

export interface Block {
  readonly failure: FailureClass
  readonly upstreamStatus?: number
  readonly upstreamCode?: string
  /** Epoch milliseconds. */
  readonly since: number
  /** Epoch milliseconds; infinite for one that only a command or another secret lifts. */
  readonly until: number
  readonly backOffMs: number
}

/** A clock that was set back must not stretch a pause. */
export const leftOf = ({ until, backOffMs }: Block, now: Date): number =>
  Math.min(until - now.getTime(), backOffMs)

export const failureOf = (
  { failure, upstreamStatus, upstreamCode }: Block,
  leftMs: number,
): UpstreamFailure =>
  new UpstreamFailure(failure, {
    ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
    ...(upstreamCode === undefined ? {} : { upstreamCode }),
    ...(Number.isFinite(leftMs) ? { retryAfterSeconds: Math.ceil(leftMs / 1000) } : {}),
    reason: 'not tried again',
  })

/** As it is stored. Without `until`: for ever, and the table may not delete it. */
export const blockAttributes = (
  { system, tenantSpaceId }: Account,
  { until, backOffMs, ...block }: Block,
): Change => {
  const common = { system, tenantSpaceId, ...block, listedIn: BLOCKS_LIST, listedAt: block.since }
  return Number.isFinite(until)
    ? { set: { ...common, until, backOffMs, sweepAt: Math.ceil(until / 1000) + KEPT_SECONDS } }
    : { set: common, remove: ['until', 'backOffMs', 'sweepAt'] }
}

export const blockOf = (item: Item | undefined): Block | undefined => {
  const failure = FAILURE_CLASSES.find((known) => known === item?.['failure'])
  if (item === undefined || failure === undefined) return undefined
  const { upstreamStatus, upstreamCode, since, until, backOffMs } = item
  const endless = Number.POSITIVE_INFINITY
  return {
    failure,
    ...(typeof upstreamStatus === 'number' ? { upstreamStatus } : {}),
    ...(typeof upstreamCode === 'string' ? { upstreamCode } : {}),
    since: typeof since === 'number' ? since : 0,
    until: typeof until === 'number' ? until : endless,
    backOffMs: typeof backOffMs === 'number' ? backOffMs : endless,
  }
}
