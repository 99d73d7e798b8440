/** What the measuring needs beside the project's own packages: it is installed on demand, since nothing else needs it. */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const isInstalled = (): boolean =>
  existsSync(join(import.meta.dirname, 'node_modules/aws-lambda-ric/rapid-client.node'))

/** Gives the exit code. */
export const install = (): number => {
  const cwd = import.meta.dirname
  for (const args of [
    ['ci', '--ignore-scripts'],
    ['rebuild', 'aws-lambda-ric'],
  ]) {
    const { status } = spawnSync('npm', args, { cwd, stdio: 'inherit' })
    if (status !== 0) return status ?? 1
  }
  return 0
}
