/** Whether a command can build into the project's folder, as packaging and the local server do. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** What is wrong, as a sentence that says what to do; undefined where the folder can be written. Leaves an empty `.esbuild`. */
export const unwritable = (folder: string): string | undefined => {
  const build = join(folder, '.esbuild')
  try {
    mkdirSync(build, { recursive: true })
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `${build} cannot be made (${code}), and this command builds there. Work on a copy of the project that you may write to.`
  }
}
