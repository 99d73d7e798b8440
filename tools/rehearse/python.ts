/** The Python environment of the rehearsal: MiniStack, cfn-lint and policy_sentry, with exact versions, in a folder that git ignores. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'

const FOLDER = join(PROJECT_ROOT, '.python')
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt')
/** In the folder, a copy of what was installed: another list makes another environment. */
const INSTALLED = 'requirements.txt'

export const python = join(FOLDER, 'bin', 'python')
export const linter = join(FOLDER, 'bin', 'cfn-lint')

/** Throws one sentence when the environment is not there, or is of an older list. */
export const assertInstalled = (folder = FOLDER): void => {
  if (isInstalled(folder)) return
  throw new Error(
    'The rehearsal needs an AWS emulator, a linter and a scanner, which are Python packages: npm run rehearse -- --install puts them ' +
      'into .python (it takes Python 3.10 or later with venv, and the network once).',
  )
}

const isInstalled = (folder: string): boolean => {
  try {
    return readFileSync(join(folder, INSTALLED), 'utf8') === readFileSync(REQUIREMENTS, 'utf8')
  } catch {
    return false
  }
}

/** Makes the environment, unless it is there. Throws one sentence that names the command which failed. */
export const install = (say: (line: string) => void): void => {
  if (!isInstalled(FOLDER)) {
    run('python3', ['-m', 'venv', '--clear', FOLDER])
    run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', REQUIREMENTS])
    copyFileSync(REQUIREMENTS, join(FOLDER, INSTALLED))
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
