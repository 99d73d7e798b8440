/** The Python environments of the rehearsal, with exact versions, in a folder that git ignores: MiniStack, cfn-lint and policy_sentry; checkov. */

import { join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'
import { installInto, isInstalled } from '../python-environment.ts'

const FOLDER = join(PROJECT_ROOT, '.python')
/** By place within the folder, what is installed there. checkov holds on to older versions of what the others need. */
const LISTS = {
  '.': join(import.meta.dirname, 'requirements.txt'),
  checkov: join(import.meta.dirname, 'scan', 'requirements.txt'),
} as const
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

/** Makes each environment that is not there. Throws one sentence that names the command which failed. */
export const install = (say: (line: string) => void): void => {
  for (const [place, list] of Object.entries(LISTS)) installInto(join(FOLDER, place), list)
  say('.python has what the rehearsal needs. Now: npm run rehearse')
}
