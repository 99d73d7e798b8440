/** Where a release goes: nothing that a person keeps there is lost, and an earlier release stays until the new one is complete. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeRunFolder } from '../local/run-folder.ts'
import { namesIn, namesOf } from './digests.ts'

/** Files of a release that SHA256SUMS cannot name. */
const BESIDE = ['SHA256SUMS', 'provenance.json']
const SIGNED = 'provenance.dsse.json'

/** Of a folder that is made beside the release's own, where it can be renamed. */
const RUN_KIND = 'release-being-made'

/** Throws one sentence unless a release may stand at `to`: there is nothing, or an empty folder, or an earlier release and nothing else. */
export const assertReplaceable = (to: string, root: string): void => {
  const refuse = (why: string): Error =>
    new Error(
      `--to: ${to} ${why}. Nothing was changed. Name a folder that is new, empty, or an earlier release.`,
    )
  const found = lstatSync(to, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isDirectory()) throw refuse('is no folder')
  if (!relative(realpathSync(to), realpathSync(root)).startsWith('..')) throw refuse('holds this clone')
  const names = namesOf(to)
  if (readdirSync(to).length === 0) return
  if (!BESIDE.every((name) => names.includes(name))) throw refuse('is not empty, and no earlier release')
  const made = [...BESIDE, SIGNED, ...namesIn(readFileSync(join(to, 'SHA256SUMS'), 'utf8'))]
  const other = names.find((name) => !made.includes(name))
  if (other !== undefined) throw refuse(`holds ${other} beside the release that is there`)
}

/** Lets `make` fill a folder, which then stands at `to`. When something fails, what was at `to` is there still. */
export const replaceRelease = async <T>(
  { to, root }: { readonly to: string; readonly root: string },
  make: (folder: string) => Promise<T>,
): Promise<T> => {
  assertReplaceable(to, root)
  const aside = makeRunFolder(dirname(to), RUN_KIND)
  try {
    const folder = join(aside, 'made')
    mkdirSync(folder)
    const made = await make(folder)
    assertReplaceable(to, root) // minutes may have gone by
    exchange(folder, to, join(aside, 'earlier'))
    return made
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

const exchange = (made: string, to: string, earlier: string): void => {
  if (existsSync(to)) renameSync(to, earlier)
  try {
    renameSync(made, to)
  } catch (error) {
    if (existsSync(earlier)) renameSync(earlier, to)
    throw error
  }
}
