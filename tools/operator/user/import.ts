/** Many users into the directory, a few at a time; a run that breaks off goes on from where it was. */

import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { UserChange } from '../../../lib/schemas/users.ts'
import type { userWriter } from '../../../lib/users/write.ts'
import type { Progress } from '../progress.ts'

const AT_ONCE = 20
const DEADLINE = { remainingMs: () => 10_000 }

export interface Import {
  readonly write: ReturnType<typeof userWriter>
  /** Of the stage: another one's run is no beginning of this one. */
  readonly place: string
  readonly tenantSpaceId: string
  /** Of the file: a changed one is imported from its beginning. */
  readonly text: string
  readonly users: readonly UserChange[]
  /** Where it is kept how far a run came: a file beside the import's own. */
  readonly stateFile: string
  readonly progress: Progress
}

/** Returns where it began. Throws what the directory throws; whatever was written by then stays. */
export const importUsers = async (deps: Import): Promise<number> => {
  const { write, tenantSpaceId, users, stateFile, progress } = deps
  const begun = doneOf(deps)
  for (let at = begun; at < users.length; at += AT_ONCE) {
    progress.show(`${at} of ${users.length} users`)
    const some = users.slice(at, at + AT_ONCE)
    await Promise.all(some.map((user) => write({ ...user, tenantSpaceId }, DEADLINE)))
    writeFileSync(stateFile, JSON.stringify({ of: digestOf(deps), done: at + some.length }))
  }
  progress.end()
  rmSync(stateFile, { force: true })
  return begun
}

/** Of this very file, tenant and stage: else from the beginning. */
const doneOf = (deps: Import): number => {
  try {
    const { of, done } = JSON.parse(readFileSync(deps.stateFile, 'utf8')) as { of: string; done: number }
    return of === digestOf(deps) ? done : 0
  } catch {
    return 0
  }
}

const digestOf = ({ place, tenantSpaceId, text }: Import): string =>
  createHash('sha256')
    .update(JSON.stringify([place, tenantSpaceId, text]))
    .digest('hex')
