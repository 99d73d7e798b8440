/** Where schemathesis is installed. */

import { join } from 'node:path'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import { installInto, isInstalled } from '../../python-environment.ts'

const FOLDER = join(PROJECT_ROOT, '.python', 'schemathesis')
const LIST = join(import.meta.dirname, 'requirements.txt')

export const schemathesis = join(FOLDER, 'bin', 'schemathesis')

/** Throws one sentence when it is not there, or is of an older list. */
export const assertInstalled = (folder = FOLDER): void => {
  if (!isInstalled(folder, LIST))
    throw new Error(
      'The fuzzing needs schemathesis, a Python package: npm run fuzz -- --install puts it into .python (it takes Python 3.10 or ' +
        'later with venv, and the network once).',
    )
}

export const install = (say: (line: string) => void): void => {
  installInto(FOLDER, LIST)
  say('.python has schemathesis. Now: npm run fuzz')
}
