/** What the keys of the tables say: whose items there are, and whom of those the lines name by a hash. */

import { type Audit, inAudit } from './audit.ts'
import { fieldsOf, isOfDirectory, tenantIn } from './pk.ts'
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

/** The two tables of a restore: `restored` is undefined where the stage's own was restored under its own name. */
export interface Names {
  readonly directory: string
  readonly restored: string | undefined
}

/** Throws a sentence where the restored table is none, or not a directory's. */
export const foundIn = async (
  { pages }: Tables,
  { directory, restored }: Names,
  { hashes, namesOf }: Looked,
): Promise<Found> => {
  const tenants = new Set<string>()
  const unmatched = new Set(hashes)
  const look = async (table: string, judge: (pk: unknown) => void): Promise<void> => {
    for await (const { items } of pages(table, { keysOnly: true }))
      for (const { pk } of items) {
        judge(pk)
        const tenant = tenantIn(pk)
        if (tenant === undefined) continue
        tenants.add(tenant)
        const [kind, , userId = ''] = fieldsOf(pk) ?? []
        if (kind !== 'user' || unmatched.size === 0) continue
        for (const name of namesOf(userId)) unmatched.delete(inAudit(tenant, name))
      }
  }
  if (restored !== undefined) await look(restored, assertOfDirectory).catch(sayIfAbsent)
  await look(directory, () => undefined)
  return { tenants, unmatched: [...unmatched].sort() }
}

/** All of them are looked at before anything is written. */
const assertOfDirectory = (pk: unknown): void => {
  if (!isOfDirectory(pk))
    throw new Error(
      '--from: expected a restored table of the directory, and this one has items that no directory has. Nothing was done. Name the table that step 2 of docs/restore.md has made.',
    )
}

const sayIfAbsent = (error: Error): never => {
  if (error.name !== 'ResourceNotFoundException') throw error
  throw new Error(
    '--from: this table does not exist there. Nothing was done. See which there are: aws dynamodb list-tables, with the same region.',
  )
}
