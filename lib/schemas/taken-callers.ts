/** The callers secret as it is taken: each entry for itself, so that a wrong one shuts out no other. */

import * as z from 'zod/mini'
import { callerId, scopes, tenantPrefixes, tenantSpaceId } from './caller-entry.ts'
import { epochSeconds } from './epoch-seconds.ts'
import { Issuer } from './issuers.ts'
import { firstFault } from './issues.ts'
import { textsIn } from './left-out-texts.ts'
import { clashOf, type Entry, sharedIds } from './listed-entries.ts'
import { members, onlyMembers, pasted } from './pasted.ts'
import type { Remark } from './remarks.ts'
import { flag, numberAsText, text } from './setting-types.ts'

const caller = {
  callerId,
  /** Two at the most: the one in use and the one that takes over. */
  keys: z
    .array(
      members({
        sha256: text(/^[0-9a-f]{64}$/, 'expected SHA-256 as 64 lower-case hex digits'),
        expiresAt: numberAsText(epochSeconds),
      }),
      'expected a list of keys',
    )
    .check(z.minLength(1, 'expected at least one key'), z.maxLength(2, 'expected at most two keys')),
  tenants: z.array(tenantSpaceId, 'expected a list of tenants'),
  tenantPrefixes: z.optional(tenantPrefixes),
  scopes,
}

export const Caller = pasted(
  caller,
  onlyMembers(caller).check(
    z.refine(({ tenants, tenantPrefixes: prefixes = [] }) => tenants.length + prefixes.length > 0, {
      path: ['tenants'],
      error: 'expected at least one tenant',
      // Also beside other faults: an operator hears of all at once.
      when: ({ value }) => Array.isArray((value as { tenants?: unknown } | null | undefined)?.tenants),
    }),
  ),
)

export type Caller = z.infer<typeof Caller>

/** What can be used of the secret, and what an operator must hear about it. */
export interface TakenCallers {
  readonly callers: readonly Caller[]
  readonly issuers: readonly Issuer[]
  /** Whether the callers table is asked for those who are not listed here. */
  readonly table: boolean
  /** What issuers that were left out say: none of it is a user's `sub`. */
  readonly leftOutTexts: readonly string[]
  /** Entries that were left out, each by its path, and those that are taken though they are doubtful. */
  readonly remarks: readonly Remark[]
}

/** What the lists hold is another question. */
export const listsOf = <C extends z.ZodMiniType, I extends z.ZodMiniType>(caller: C, issuer: I) =>
  members({
    callers: z
      .array(caller, 'expected a list of callers')
      .check(z.maxLength(1000, 'expected at most 1000 callers')),
    issuers: z._default(
      z.array(issuer, 'expected a list of issuers').check(z.maxLength(100, 'expected at most 100 issuers')),
      [],
    ),
    table: z._default(flag(), false),
  })

export interface EntryLists {
  readonly callers: readonly unknown[]
  readonly issuers: readonly unknown[]
  readonly table: boolean
}

/** The lists, with entries that may be anything. */
export const ListedCallers = listsOf(z.unknown(), z.unknown())

/**
 * Each entry for itself: one that is wrong, or says again what an earlier one says, shuts out no other. `earlier` are
 * entries of another place, which stay. Default none.
 */
export const takenOf = (
  { callers, issuers, table }: EntryLists,
  earlier: readonly Entry[] = [],
): TakenCallers => {
  const remarks: Remark[] = []
  const taken: Entry[] = [...earlier]
  const paths = new Map<Entry, string>()
  const leftOutTexts: string[] = []
  const read = <T extends Entry>(
    list: 'callers' | 'issuers',
    schema: z.ZodMiniType<T>,
    entries: readonly unknown[],
  ): T[] =>
    entries.flatMap((entry, at) => {
      const path = `${list}.${at}`
      const { data, error } = schema.safeParse(entry)
      const fault = error === undefined ? clashOf(data, taken) : firstFault(error)
      if (data !== undefined && fault === undefined) {
        taken.push(data)
        paths.set(data, path)
        return [data]
      }
      remarks.push(leftOut(path, fault))
      if (list === 'issuers') leftOutTexts.push(...textsIn(entry))
      return []
    })
  const found = { callers: read('callers', Caller, callers), issuers: read('issuers', Issuer, issuers) }
  return {
    ...found,
    table,
    leftOutTexts,
    remarks: [...remarks, ...sharedIds(found.issuers, (entry) => paths.get(entry) ?? 'issuers')],
  }
}

export const TakenCallers: z.ZodMiniType<TakenCallers> = z.pipe(
  ListedCallers,
  z.transform((lists) => takenOf(lists)),
)

export const leftOut = (path: string, fault: Pick<Remark, 'field' | 'expected'> | undefined): Remark => ({
  level: 'ERROR',
  code: 'CALLERS_ENTRY_LEFT_OUT',
  field: fault === undefined || fault.field === '(whole)' ? path : `${path}.${fault.field}`,
  expected: fault?.expected ?? 'expected another value',
})
