/** What follows a restore of the directory's table: nothing that was ended since comes back, and nobody who was deleted. */

import type { DirectoryKeeper, KeyRevocations } from '../../../lib/directory/directory.ts'
import type { UserStatus } from '../../../lib/directory/items.ts'
import type { Audit } from './audit.ts'
import { foundIn, type Names } from './found.ts'
import { fieldsOf } from './pk.ts'
import type { StateFile } from './state.ts'
import { disabledItem, type Item, isPresentUser, type Tables } from './tables.ts'

const AT_ONCE = 20
const DEADLINE = { remainingMs: () => 20_000 }

export interface Restore {
  readonly tables: Tables
  /** The stage's own. */
  readonly directory: Pick<DirectoryKeeper, 'deleteUser'> & Pick<KeyRevocations, 'revokeKey' | 'retireKey'>
  readonly names: Names
  readonly audit: Audit
  /** Tenants that neither table need have an item of. */
  readonly tenants: ReadonlySet<string>
  /** By what the logs may name a user. */
  readonly namesOf: (userId: string) => readonly string[]
  /** Whether the stage has a key for hashes: without one nobody is found by a hash. */
  readonly hasLogKey: boolean
  /** Signing keys that were dropped, and the ends of those that have retired, in epoch seconds. */
  readonly revokedKeys: readonly string[]
  readonly keyEnds: ReadonlyMap<string, number>
  /** Until when the tombstone of a user is kept who is deleted at this moment, in epoch seconds. */
  readonly keepUntil: (at: Date) => number
  /**
   * Up to this moment the lines are complete: of a user who was deleted before it, they say so, or the user comes back. Undefined:
   * whoever is deleted in the stage's own table stays so.
   */
  readonly until: Date | undefined
  readonly state: StateFile
  readonly now: () => Date
  readonly tell: (text: string) => void
}

export interface Done {
  readonly tenants: number
  readonly put: number
  readonly deleted: number
  readonly disabled: number
  readonly keys: number
  /** Hashes that no user has, of those that the lines delete or disable. */
  readonly unmatched: readonly string[]
  /** Whether an earlier run has come to its end: this one has done no item. */
  readonly isRepeated: boolean
}

/**
 * Raises every tenant's epoch, then does the items, then raises the epochs again: what was issued while items were put back
 * is no good either. May be repeated at any point: what was changed after the items were done is left as it is.
 */
export const restore = async (deps: Restore): Promise<Done> => {
  const { tables, names, state, now, tell } = deps
  const source = names.restored ?? names.directory
  assertNamed(deps.audit.withheld)
  const found = await foundIn(tables, names, {
    hashes: deps.audit.hashes,
    namesOf: deps.namesOf,
  })
  const { unmatched } = found
  if (!deps.hasLogKey) assertFound(unmatched)
  const tenants = new Set([...deps.tenants, ...deps.audit.tenants, ...found.tenants])
  const raiseAll = async () => {
    const epoch = now().getTime()
    await each([...tenants], (tenant) => tables.raise(tenant, epoch))
  }
  state.write({ ...state.read() })
  await raiseAll()
  tell(`${tenants.size} tenants: every token of before has ended`)
  const keys = await endKeys(deps)
  const done = { put: 0, deleted: 0, disabled: 0 }
  const { after } = state.read()
  const isRepeated = after === ''
  if (!isRepeated)
    for await (const { items, next } of tables.pages(source, after === undefined ? {} : { after })) {
      await each(items, async (item) => {
        const what = await itemAgain(deps, item)
        if (what !== undefined) done[what] += 1
      })
      state.write({ after: next ?? '' })
      tell(`${done.put} items put back, ${done.deleted} users deleted again`)
    }
  await raiseAll()
  return { tenants: tenants.size, keys, unmatched, isRepeated, ...done }
}

/** Nothing is written before: whoever the lines shut out would come back. */
const assertNamed = ([first, ...others]: readonly number[]): void => {
  if (first !== undefined)
    throw new Error(
      `Lines that delete or disable users, but name none of them: ${others.length + 1}, the first is line ${first}. Have the back ends of their ` +
        'tenants send these users again after the restore, and take the lines with "userId":"withheld" out of the file.',
    )
}

const assertFound = ([first, ...others]: readonly string[]): void => {
  if (first !== undefined)
    throw new Error(
      `Users whom lines delete or disable by a hash: ${others.length + 1}, the first is ${first}. The stage has no secret log-key any more, so nobody can be found ` +
        'by a hash. Have the back ends of their tenants send these users again after the restore, and take those lines out of the file.',
    )
}

/** Dropped keys, and the ends of retired ones: the table may not know of either. */
const endKeys = async ({ directory, revokedKeys, keyEnds }: Restore): Promise<number> => {
  for (const kid of revokedKeys) await directory.revokeKey(kid, DEADLINE)
  for (const [kid, endsAt] of keyEnds) await directory.retireKey(kid, endsAt, DEADLINE)
  return revokedKeys.length + keyEnds.size
}

const itemAgain = async (deps: Restore, item: Item): Promise<'put' | 'deleted' | 'disabled' | undefined> => {
  const { tables, directory, names, keepUntil, until, now } = deps
  const [kind, second = '', userId = ''] = fieldsOf(item.pk) ?? []
  const status = isPresentUser(item) ? statusOf(deps, second, userId) : undefined
  if (status === 'deleted') {
    await directory.deleteUser({ tenantSpaceId: second, userId, keepUntil: keepUntil(now()) }, DEADLINE)
    return 'deleted'
  }
  const isDisabled = status === 'disabled'
  if (names.restored === undefined) {
    if (isDisabled) await tables.disable(item.pk)
    return isDisabled ? 'disabled' : undefined
  }
  // Tenants' epochs are raised, and never put back to what they were.
  if (kind === 'tenant') return undefined
  if (kind === 'revoked-key' && item['endsAt'] === undefined) {
    await directory.revokeKey(second, DEADLINE) // in all copies, whatever the table says of its end
    return 'put'
  }
  const keepsUntil = until === undefined ? 0 : keepUntil(until)
  if (!isDisabled && (await tables.put(item, keepsUntil))) return 'put'
  // Disabled by the lines, or in the stage's own table, whoever did that.
  const isPut = isPresentUser(item) && (await tables.put(disabledItem(item), keepsUntil))
  return isPut ? 'disabled' : undefined
}

const statusOf = (
  { audit, namesOf }: Restore,
  tenantSpaceId: string,
  userId: string,
): UserStatus | undefined => audit.statusOf(tenantSpaceId, namesOf(userId))

const each = async <T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> => {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work))
}
