/** Which callers a stage has, and where each is listed. */

import { issuerItemKey, keyItemKey, shownKey } from '../../../lib/callers/items.ts'
import { type JudgedLists, judged, listsIn } from './lists.ts'
import type { CallersStage, HeldLists } from './stage.ts'

export interface ListedCaller {
  readonly callerId: string
  readonly kind: 'caller' | 'user' | 'back-end'
  /** `secret`, or the item that it is in, as people are shown it. */
  readonly place: string
  /** Of a caller that is in an item: that item's key. */
  readonly pk: string | undefined
  /** Of an entry of `issuers`. */
  readonly issuer?: string
  readonly tenants: readonly string[]
  readonly tenantPrefixes: readonly string[]
  /** Epoch seconds at which each key of a caller ends. */
  readonly endsAt: readonly number[]
}

export interface Found {
  readonly listed: readonly ListedCaller[]
  /** What no function takes, by its place: the secret's or an item's path, and what was expected. */
  readonly wrong: readonly {
    readonly place: string
    readonly pk: string | undefined
    readonly expected: string
  }[]
}

/** Everything that is listed in the secret and in the table, each by the functions' own schema. */
export const findCallers = async (stage: CallersStage, { lists }: HeldLists): Promise<Found> => {
  const inSecret = foundIn(judged(lists), undefined)
  const inItems = [...(await stage.items())].map(([pk, text]) => ofItem(pk, text))
  const all = [inSecret, ...inItems]
  return { listed: all.flatMap(({ listed }) => listed), wrong: all.flatMap(({ wrong }) => wrong) }
}

const ofItem = (pk: string, text: string): Found => {
  const lists = listsIn(text)
  if (lists === undefined)
    return { listed: [], wrong: [{ place: shownKey(pk), pk, expected: 'expected JSON' }] }
  const found = judged(lists)
  const isMisplaced =
    found.callers.some(({ keys }) => !keys.some(({ sha256 }) => keyItemKey(sha256) === pk)) ||
    found.issuers.some(({ entry }) => issuerItemKey(entry.issuer) !== pk)
  const { listed, wrong } = foundIn(found, pk)
  return isMisplaced
    ? {
        listed: [],
        wrong: [...wrong, { place: shownKey(pk), pk, expected: 'expected an entry of this key or issuer' }],
      }
    : { listed, wrong }
}

const foundIn = ({ callers, issuers, faults }: JudgedLists, pk: string | undefined): Found => {
  const place = pk === undefined ? 'secret' : shownKey(pk)
  return {
    listed: [
      ...callers.map(({ callerId, keys, tenants, tenantPrefixes = [] }) => ({
        ...{ callerId, kind: 'caller' as const, place, pk, tenants, tenantPrefixes },
        endsAt: keys.map(({ expiresAt }) => expiresAt),
      })),
      ...issuers.map(({ entry: { callerId, kind, issuer, tenant, tenants = {}, tenantPrefixes = [] } }) => ({
        ...{ callerId, kind, issuer, place, pk, tenantPrefixes, endsAt: [] },
        tenants: tenant === undefined ? Object.values(tenants) : [tenant],
      })),
    ],
    wrong: faults.map(({ field, expected }) => ({ place: `${place}.${field}`, pk, expected })),
  }
}
