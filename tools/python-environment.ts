/** A Python environment of exact versions, in a folder that git ignores. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** In the environment, a copy of what was installed: another list makes another environment. */
const INSTALLED = 'requirements.txt'

/** Whether the folder has the environment of this list of requirements. */
export const isInstalled = (folder: string, list: string): boolean => {
  try {
    return readFileSync(join(folder, INSTALLED), 'utf8') === readFileSync(list, 'utf8')
  } catch {
    return false
  }
}

/** Makes the environment anew unless it is there. Throws one sentence that names the command which failed. */
export const installInto = (folder: string, list: string): void => {
  if (isInstalled(folder, list)) return
  run('python3', ['-m', 'venv', '--clear', folder])
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', list]
  run(join(folder, 'bin', 'python'), pip)
  copyFileSync(list, join(folder, INSTALLED))
}

const run = (command: string, args: readonly string[]): void => {
  const { error, status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error !== undefined || status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} failed (${error === undefined ? `exit code ${status}` : error.message}): it takes Python 3.10 or later with venv, and the network.`,
    )
}
