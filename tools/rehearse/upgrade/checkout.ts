/** Another release's sources, with the packages of its own lockfile. */

import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import { run } from '../../program.ts'
import type { Release } from '../../versions/previous.ts'

const LOCKFILE = 'package-lock.json'

/**
 * Writes the sources of a commit into a folder, which is made. Where its lockfile names the packages of this one, it shares the packages that are installed
 * here; otherwise `npm ci` installs its own, which needs the network.
 */
export const checkOut = async ({ commit }: Release, folder: string): Promise<void> => {
  const { env } = process
  mkdirSync(folder, { recursive: true })
  const archive = `${folder}.tar`
  await run('git', ['archive', '--output', archive, commit], { cwd: PROJECT_ROOT, env })
  await run('tar', ['-xf', archive, '-C', folder], { cwd: folder, env })
  rmSync(archive)
  if (packagesOf(folder) === packagesOf(PROJECT_ROOT))
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
  else await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, env })
}

/** What a lockfile installs. Its first entry is the project itself, whose version may be another. */
const packagesOf = (folder: string): string => {
  const lockfile = readFileSync(join(folder, LOCKFILE), 'utf8')
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, object> }
  return JSON.stringify({ ...packages, '': undefined })
}
