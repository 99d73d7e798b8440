/** The sweep's own item: who is at it, where in the list it stands, and when the last one that was finished began. */

import type { Deadline } from '../concurrency/deadline.ts'
import { isGoingOn } from '../concurrency/shared-time.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { Change, Item, Table } from '../table/table.ts'
import type { Share, Shared } from './share.ts'

const PERIOD_MS = 3_600_000
/** One sandbox sweeps; one that dies at it is followed by another after this. */
const CLAIM_MS = 120_000

/** Where a run stops. `page`: the list's own mark of the page that comes next; empty for the first. */
export type Stop = { readonly unread: readonly Shared[] } & (
  | { readonly at: 'end' }
  | { readonly at: 'page'; readonly page: string }
  /** The claim stays until its end: nobody asks again at once. Without a page, the next sweep begins at the first. */
  | { readonly at: 'failure'; readonly page: string | undefined }
  /** Only those that could not be read before were seen to. */
  | { readonly at: 'retried' }
)

export interface ClaimedSweep {
  readonly begun: {
    /** When the last finished one began. */
    readonly sweptAt: number | undefined
    readonly page: string
    /** Whose secrets could not be read, on the pages before or in the sweep before. */
    readonly unread: readonly Shared[]
    /** Else there are only those to see to. */
    readonly isDue: boolean
  }
  /** Changes nothing where the claim has become another's. */
  readonly stop: (stop: Stop) => Promise<void>
}

const PLACE = ['page', 'beganAt']

/** So many are remembered by name, and tried again in each run. Of more, the whole list is gone through again. */
const MOST_UNREAD = 100

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
  const unread = namesIn(item['unread'])
  const isDue = page !== undefined || sweptAt === undefined || !isGoingOn(sweptAt + PERIOD_MS, at, PERIOD_MS)
  if (!isDue && unread.length === 0) return undefined
  if (claimedUntil !== undefined && isGoingOn(claimedUntil, at, CLAIM_MS)) return undefined
  const claim = at + CLAIM_MS
  const ifSeen = { sweptAt, claimedUntil }
  if (!(await table.change(pk, { set: { claimedUntil: claim }, ifSeen }, deadline))) return undefined

  const beganAt = (page !== undefined && numberOf(item['beganAt'])) || at
  const change = (stop: Stop): Change => {
    const names = namesOf(stop.unread)
    const unread = names.length === 0 ? undefined : names.slice(0, MOST_UNREAD + 1).join(' ')
    const forgotten = unread === undefined ? ['unread'] : []
    if (stop.at === 'page' || (stop.at === 'failure' && stop.page !== undefined)) {
      const remove = stop.at === 'page' ? ['claimedUntil', ...forgotten] : forgotten
      return { set: { page: stop.page, beganAt, unread }, remove }
    }
    if (stop.at === 'failure') return { set: { unread }, remove: [...PLACE, ...forgotten] }
    if (stop.at === 'retried') return { set: { unread }, remove: ['claimedUntil', ...forgotten] }
    // Too many for their names: the claim stays until its end, and then the same is looked through again.
    if (names.length > MOST_UNREAD) return { remove: [...PLACE, 'unread'] }
    return { set: { sweptAt: beganAt, unread }, remove: ['claimedUntil', ...PLACE, ...forgotten] }
  }
  return {
    begun: {
      sweptAt,
      page: page ?? '',
      unread,
      isDue,
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

/** Each once, such as `cec/T-1`. Neither part has a blank or a slash, so that a blank parts the names in the item. */
const namesOf = (unread: readonly Shared[]): readonly string[] => [
  ...new Set(unread.map(({ system, tenantSpaceId }) => `${system}/${tenantSpaceId}`)),
]

/** Of another release's item it may be another type. */
const namesIn = (value: unknown): readonly Shared[] =>
  typeof value !== 'string'
    ? []
    : value.split(' ').flatMap((name) => {
        const [system = '', tenantSpaceId = ''] = name.split('/')
        return tenantSpaceId === '' ? [] : [{ system, tenantSpaceId }]
      })

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
