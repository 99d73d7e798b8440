/** An open state, as the table has it. */

import { FAILURE_CLASSES } from '../outbound/failures.ts'
import type { Change, Item } from '../table/table.ts'
import type { Account } from './policy.ts'
import type { OpenState } from './state.ts'

/** The list of the table that open states are in, for whoever wants to see or lift them. */
export const BLOCKS_LIST = 'blocks'
const KEPT_SECONDS = 7 * 24 * 3600

/** As it is stored. Without `until`: for ever, and the table may not delete it. */
export const stateAttributes = (
  { system, tenantSpaceId }: Account,
  { until, backOffMs, ...state }: OpenState,
): Change => {
  const common = { system, tenantSpaceId, ...state, listedIn: BLOCKS_LIST, listedAt: state.since }
  return Number.isFinite(until)
    ? { set: { ...common, until, backOffMs, sweepAt: Math.ceil(until / 1000) + KEPT_SECONDS } }
    : { set: common, remove: ['until', 'backOffMs', 'sweepAt'] }
}

/** Undefined for no item, and for one that tells no failure that is known. */
export const stateOf = (item: Item | undefined): OpenState | undefined => {
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
