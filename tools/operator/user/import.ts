/** Many users into the directory, a few at a time; a run that breaks off goes on from where it was. */

import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { UserChange } from '../../../lib/schemas/users.ts'
import type { userWriter } from '../../../lib/users/write.ts'
import { fileFault } from '../../local/file-faults.ts'
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

/** The file that says how far a run came cannot be written: where the next one begins is not known. */
export class StateFileError extends Error {}

/** Returns where it began. Throws what the directory throws, or StateFileError; whatever was written by then stays. */
export const importUsers = async (deps: Import): Promise<number> => {
  const { write, tenantSpaceId, users, stateFile, progress } = deps
  // Once: a file of a hundred thousand users has many parts.
  const of = digestOf(deps)
  const begun = doneOf(stateFile, of)
  const keep = (done: number): void => {
    try {
      writeFileSync(stateFile, JSON.stringify({ of, done }))
    } catch (error) {
      const fault = fileFault(error) ?? (error as NodeJS.ErrnoException).code
      throw new StateFileError(
        `${stateFile} cannot be written: ${fault}. Users written by this run: ${done - begun}. Mend that, and run the command again.`,
      )
    }
  }
  // Before the first user: a run that could not go on does not begin.
  keep(begun)
  for (let at = begun; at < users.length; at += AT_ONCE) {
    progress.show(`${at} of ${users.length} users`)
    const some = users.slice(at, at + AT_ONCE)
    await Promise.all(some.map((user) => write({ ...user, tenantSpaceId }, DEADLINE)))
    keep(at + some.length)
  }
  progress.end()
  rmSync(stateFile, { force: true })
  return begun
}

/** Of this very file, tenant and stage: else from the beginning. */
const doneOf = (stateFile: string, digest: string): number => {
  try {
    const { of, done } = JSON.parse(readFileSync(stateFile, 'utf8')) as { of: string; done: number }
    return of === digest ? done : 0
  } catch {
    return 0
  }
}

const digestOf = ({ place, tenantSpaceId, text }: Import): string =>
  createHash('sha256')
    .update(JSON.stringify([place, tenantSpaceId, text]))
    .digest('hex')
