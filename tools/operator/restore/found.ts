/** What the keys of the tables say: whose items there are, and whom of those the lines name by a hash. */

import { type Audit, inAudit } from './audit.ts'
import { fieldsOf, tenantIn } from './pk.ts'
import type { Tables } from './tables.ts'

export interface Found {
  /** Those of whom a table has an item of any kind. */
  readonly tenants: ReadonlySet<string>
  /** Hashes that no user has, of those that the lines delete or disable. */
  readonly unmatched: readonly string[]
}

interface Looked extends Pick<Audit, 'hashes'> {
  /** Under which names the lines may have a user. */
  readonly namesOf: (userId: string) => readonly string[]
}

export const foundIn = async (
  { pages }: Tables,
  names: ReadonlySet<string>,
  { hashes, namesOf }: Looked,
): Promise<Found> => {
  const tenants = new Set<string>()
  const unmatched = new Set(hashes)
  for (const table of names)
    for await (const { items } of pages(table, { keysOnly: true }))
      for (const { pk } of items) {
        const tenant = tenantIn(pk)
        if (tenant === undefined) continue
        tenants.add(tenant)
        const [kind, , userId = ''] = fieldsOf(pk) ?? []
        if (kind !== 'user' || unmatched.size === 0) continue
        for (const name of namesOf(userId)) unmatched.delete(inAudit(tenant, name))
      }
  return { tenants, unmatched: [...unmatched].sort() }
}
