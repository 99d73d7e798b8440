/** The sweep's own item: who is at it, where in the list it stands, and when the last one that was finished began. */

import type { Deadline } from '../concurrency/deadline.ts'
import { isGoingOn } from '../concurrency/shared-time.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { Change, Item, Table } from '../table/table.ts'
import type { Share } from './share.ts'

const PERIOD_MS = 3_600_000
/** One sandbox sweeps; one that dies at it is followed by another after this. */
const CLAIM_MS = 120_000

/** Where a run stops. `page`: the list's own mark of the page that comes next; empty for the first. */
export type Stop =
  | { readonly at: 'end'; readonly unread: number }
  | { readonly at: 'page'; readonly page: string; readonly unread: number }
  /** The claim stays until its end: nobody asks again at once. Without a page, the next sweep begins at the first. */
  | { readonly at: 'failure'; readonly page: string | undefined; readonly unread: number }

export interface ClaimedSweep {
  readonly begun: {
    /** When the last finished one began. */
    readonly sweptAt: number | undefined
    readonly page: string
    /** Secrets that could not be read on the pages before. */
    readonly unread: number
  }
  /** Changes nothing where the claim has become another's. */
  readonly stop: (stop: Stop) => Promise<void>
}

const PLACE = ['page', 'beganAt', 'unread']

/** The sweep of this share, if one is due or has a rest, and nobody else is at it. Throws TOKEN_STORE_UNAVAILABLE. */
export const claimSweep = async (
  { table, share, now }: { readonly table: Table; readonly share: Share; readonly now: () => Date },
  deadline: Deadline,
): Promise<ClaimedSweep | undefined> => {
  const pk = keyOf(share)
  const item: Item = (await table.get(pk, deadline)) ?? {}
  const sweptAt = numberOf(item['sweptAt'])
  const claimedUntil = numberOf(item['claimedUntil'])
  const page = typeof item['page'] === 'string' ? item['page'] : undefined
  const at = now().getTime()
  if (page === undefined && sweptAt !== undefined && isGoingOn(sweptAt + PERIOD_MS, at, PERIOD_MS))
    return undefined
  if (claimedUntil !== undefined && isGoingOn(claimedUntil, at, CLAIM_MS)) return undefined
  const claim = at + CLAIM_MS
  const ifSeen = { sweptAt, claimedUntil }
  if (!(await table.change(pk, { set: { claimedUntil: claim }, ifSeen }, deadline))) return undefined

  const beganAt = (page !== undefined && numberOf(item['beganAt'])) || at
  const change = (stop: Stop): Change => {
    if (stop.at !== 'end' && stop.page !== undefined) {
      const remove = stop.at === 'page' ? ['claimedUntil'] : []
      return { set: { page: stop.page, beganAt, unread: stop.unread }, remove }
    }
    if (stop.at === 'failure') return { remove: PLACE }
    // A tenant whose secret could not be read is looked for again at once: nothing lists it.
    return { set: stop.unread === 0 ? { sweptAt: beganAt } : {}, remove: ['claimedUntil', ...PLACE] }
  }
  return {
    begun: {
      sweptAt,
      page: page ?? '',
      unread: (page !== undefined && numberOf(item['unread'])) || 0,
    },
    stop: async (stop) => {
      await table.change(pk, { ...change(stop), ifSeen: { claimedUntil: claim } }, deadline)
    },
  }
}

/**
 * When the last finished sweep of each share began, in epoch milliseconds; undefined of one that has never finished.
 * Throws TOKEN_STORE_UNAVAILABLE.
 */
export const lastSweeps = (
  { table, of }: { readonly table: Table; readonly of: number },
  deadline: Deadline,
): Promise<readonly (number | undefined)[]> =>
  Promise.all(
    Array.from({ length: of }, async (_, share) =>
      numberOf((await table.get(keyOf({ share, of }), deadline))?.['sweptAt']),
    ),
  )

/** With other shares than before, each begins anew. */
const keyOf = ({ share, of }: Share): string =>
  of === 1 ? lengthPrefixed('prewarm', 'sweep') : lengthPrefixed('prewarm', 'sweep', `${share}`, `${of}`)

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
