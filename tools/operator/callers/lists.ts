/** Lists of callers and issuers as an operator has them: which entries are good, and what they become in the callers table. */

import * as z from 'zod/mini'
import { issuerItemKey, keyItemKey } from '../../../lib/callers/items.ts'
import type { Issuer } from '../../../lib/schemas/issuers.ts'
import { members } from '../../../lib/schemas/pasted.ts'
import type { Remark } from '../../../lib/schemas/remarks.ts'
import { flag } from '../../../lib/schemas/setting-types.ts'
import { type Caller, type EntryLists, takenOf } from '../../../lib/schemas/taken-callers.ts'

/** In the shape of the secret `callers`. An entry may be anything, and there may be more of them than the secret takes. */
export const Lists = members({
  callers: z._default(z.array(z.unknown(), 'expected a list of callers'), []),
  issuers: z._default(z.array(z.unknown(), 'expected a list of issuers'), []),
  table: z._default(flag(), false),
})
export type Lists = z.infer<typeof Lists>

/** Those of an item, or undefined where its text is none. */
export const listsIn = (text: string): Lists | undefined => {
  try {
    return Lists.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export interface JudgedLists {
  readonly callers: readonly Caller[]
  /** An issuer's entry as it stands: what a `provider` fills in is not written down. */
  readonly issuers: readonly { readonly entry: Issuer; readonly asWritten: unknown }[]
  /** Why each other entry is left out, by its path. */
  readonly faults: readonly Remark[]
  /** The entries that are left out. */
  readonly rest: Pick<EntryLists, 'callers' | 'issuers'>
}

/** As the functions judge them. */
export const judged = (lists: EntryLists): JudgedLists => {
  const { callers, issuers, remarks } = takenOf(lists)
  const faults = remarks.filter(({ code }) => code === 'CALLERS_ENTRY_LEFT_OUT')
  const isLeftOut = (list: 'callers' | 'issuers', at: number): boolean =>
    faults.some(({ field }) => field === `${list}.${at}` || field.startsWith(`${list}.${at}.`))
  const good = lists.issuers.filter((_, at) => !isLeftOut('issuers', at))
  return {
    callers,
    issuers: issuers.map((entry, at) => ({ entry, asWritten: good[at] })),
    faults,
    rest: {
      callers: faults.length === 0 ? [] : lists.callers.filter((_, at) => isLeftOut('callers', at)),
      issuers: faults.length === 0 ? [] : lists.issuers.filter((_, at) => isLeftOut('issuers', at)),
    },
  }
}

/** DynamoDB takes 409,600 bytes for an item, its names and its key included. */
export const MOST_ITEM_BYTES = 409_000

/** The items of good entries, by their keys: each key of a caller in one of its own, and all entries of an issuer in one. */
export const itemsOf = ({
  callers,
  issuers,
}: Pick<JudgedLists, 'callers' | 'issuers'>): Map<string, string> => {
  const items = new Map<string, string>()
  for (const caller of callers)
    for (const key of caller.keys)
      items.set(
        keyItemKey(key.sha256),
        JSON.stringify({ callers: [{ ...caller, keys: [key] }], issuers: [] }),
      )
  const byIssuer = Map.groupBy(issuers, ({ entry }) => entry.issuer)
  for (const [issuer, entries] of byIssuer)
    items.set(
      issuerItemKey(issuer),
      JSON.stringify({ callers: [], issuers: entries.map(({ asWritten }) => asWritten) }),
    )
  return items
}

export const bytesIn = (text: string): number => Buffer.byteLength(text)

/** Throws a sentence that names who has too many tenants, and how to go on. */
export const checkItemSizes = (items: ReadonlyMap<string, string>): void => {
  for (const text of items.values()) {
    if (bytesIn(text) <= MOST_ITEM_BYTES) continue
    const { callers, issuers } = Lists.parse(JSON.parse(text))
    const [{ callerId }] = [...callers, ...issuers] as [{ callerId: string }]
    throw new Error(
      `"${callerId}" would have ${grouped(bytesIn(text))} bytes of ${grouped(MOST_ITEM_BYTES)}. Nothing was written. ` +
        'Grant it prefixes of tenants (--tenant-prefix), or spread the tenants over several callers.',
    )
  }
}

export const grouped = (value: number): string => value.toLocaleString('en-GB')
