/** The Python environments of the rehearsal, with exact versions, in a folder that git ignores: MiniStack, cfn-lint and policy_sentry; checkov. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'

const FOLDER = join(PROJECT_ROOT, '.python')
/** By place within the folder, what is installed there. checkov holds on to older versions of what the others need. */
const LISTS = {
  '.': join(import.meta.dirname, 'requirements.txt'),
  checkov: join(import.meta.dirname, 'scan', 'requirements.txt'),
} as const
/** In each place, a copy of what was installed: another list makes another environment. */
const INSTALLED = 'requirements.txt'

export const python = join(FOLDER, 'bin', 'python')
export const linter = join(FOLDER, 'bin', 'cfn-lint')
export const checkov = join(FOLDER, 'checkov', 'bin', 'checkov')

/** Throws one sentence when an environment is not there, or is of an older list. */
export const assertInstalled = (folder = FOLDER): void => {
  if (Object.entries(LISTS).every(([place, list]) => isInstalled(join(folder, place), list))) return
  throw new Error(
    'The rehearsal needs an AWS emulator, a linter and scanners, which are Python packages: npm run rehearse -- --install puts them ' +
      'into .python (it takes Python 3.10 or later with venv, and the network once).',
  )
}

const isInstalled = (folder: string, list: string): boolean => {
  try {
    return readFileSync(join(folder, INSTALLED), 'utf8') === readFileSync(list, 'utf8')
  } catch {
    return false
  }
}

/** Makes each environment that is not there. Throws one sentence that names the command which failed. */
export const install = (say: (line: string) => void): void => {
  for (const [place, list] of Object.entries(LISTS)) {
    const folder = join(FOLDER, place)
    if (isInstalled(folder, list)) continue
    run('python3', ['-m', 'venv', '--clear', folder])
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', list]
    run(join(folder, 'bin', 'python'), pip)
    copyFileSync(list, join(folder, INSTALLED))
  }
  say('.python has what the rehearsal needs. Now: npm run rehearse')
}

const run = (command: string, args: readonly string[]): void => {
  const { error, status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error !== undefined || status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} failed (${error === undefined ? `exit code ${status}` : error.message}): it takes Python 3.10 or later with venv, and the network.`,
    )
}
