/** `invoke local` loads a function by `require` and looks for no `.mjs`: a file beside each bundle leads it there. */

import { globSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Lets `require` find every bundle of a build folder. What it gets is a promise of the module, which the command
 * waits for: so top-level await works as on Lambda, and a bundle that throws fails the command.
 */
export const letRequireFind = (buildFolder: string): void => {
  for (const file of globSync('functions/*.mjs', { cwd: buildFolder })) {
    const source = `module.exports = import('./${basename(file)}')\n`
    writeFileSync(join(buildFolder, file.replace(/\.mjs$/, '.cjs')), source)
  }
}
