/** The schedule's list: which tokens are due, as typed items, and how one comes off it. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Item, Table } from '../table/table.ts'
import { hardLimitAt, type Life, WARM_UP_PERIOD_MS } from './freshness.ts'
import { type Seen, seen } from './items.ts'
import type { ServiceSystem } from './service-token.ts'

/** A token as the list shows it: everything but the token. */
export interface DueToken {
  readonly system: ServiceSystem
  readonly tenantSpaceId: string
  /** Epoch milliseconds from which it is due. */
  readonly dueAt: number
  /** Until when whoever is fetching the next one has the lease for it. Epoch milliseconds; -Infinity for nobody. */
  readonly leaseUntil: number
  /** When a request last took it, to within hours. Epoch milliseconds; -Infinity for never. */
  readonly usedAt: number
  /** Absent while no token has been stored. */
  readonly life: Life | undefined
  /** What the list showed of its item: for the cache alone, which names it in every change. */
  readonly state: Seen
}

/** With less left, a token dies unless one of the next two runs of the schedule renews it. */
const ENDANGERED_MS = 2 * WARM_UP_PERIOD_MS

/**
 * Whether a token for which a run has brought no new one is in danger, or dead: for as long as that lasts. `at` is in epoch milliseconds.
 * Where the run itself has not failed (somebody else is at it, or there was no time), one that came due at its very end and within the last period is not yet
 * in danger: that is how a token goes by that a new one kills. A failure lists a token anew, so later than its end. A
 * token that never was endangers nobody.
 */
export const isEndangered = (
  { life, dueAt }: DueToken,
  at: number,
  { hasFailed }: { readonly hasFailed: boolean },
): boolean => {
  if (life === undefined) return false
  const usableUntil = hardLimitAt(life)
  const isJustDue = at >= usableUntil && dueAt <= Math.ceil(usableUntil) && at - dueAt <= WARM_UP_PERIOD_MS
  return usableUntil - at < ENDANGERED_MS && (hasFailed || !isJustDue)
}

export interface ListQuery {
  readonly system: ServiceSystem
  /** Epoch milliseconds: what is due by then. */
  readonly until: number
}

/** What is due of a system, the most urgent first. Throws TOKEN_STORE_UNAVAILABLE. */
export const listedTokens = async (
  table: Table,
  { system, until }: ListQuery,
  deadline: Deadline,
): Promise<readonly DueToken[]> => {
  const due: DueToken[] = []
  for await (const page of table.listed(system, until, deadline)) {
    due.push(...page.map((item) => dueToken(system, item)))
  }
  return due
}

/** `list`: it serves until its end, and the next request puts it back. `table`: its item is gone. */
export type DropFrom = 'list' | 'table'

const DROPS: Readonly<Record<DropFrom, (table: Table, seen: Seen, deadline: Deadline) => Promise<boolean>>> =
  {
    list: (table, { pk, generation }, deadline) =>
      table.change(pk, { remove: ['listedIn'], ifSeen: { generation } }, deadline),
    table: (table, { pk }, deadline) => table.remove(pk, {}, deadline),
  }

/** Nobody wants it kept fresh any more. False when it is no longer as it was listed. Throws TOKEN_STORE_UNAVAILABLE. */
export const dropToken =
  (table: Table) =>
  ({ state }: DueToken, from: DropFrom, deadline: Deadline): Promise<boolean> =>
    DROPS[from](table, state, deadline)

const dueToken = (system: ServiceSystem, item: Item): DueToken => {
  const state = seen(String(item['pk']), item)
  return {
    system,
    tenantSpaceId: String(item['tenantSpaceId']),
    dueAt: Number(item['listedAt']),
    leaseUntil: state.leaseUntil,
    usedAt: state.usedAt,
    life: lifeOf(item),
    state,
  }
}

const lifeOf = ({ issuedAt, expiresAt }: Item): Life | undefined =>
  typeof issuedAt === 'number' && typeof expiresAt === 'number' ? { issuedAt, expiresAt } : undefined
