/** Source maps of the bundles. */

import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Puts them beside the zips, in `source-maps/`: the build folder is removed after packaging. */
export const keepSourceMaps = (workFolder: string): void => {
  const to = join(workFolder, '.serverless', 'source-maps')
  mkdirSync(to, { recursive: true })
  for (const map of globSync('.build/**/*.map', { cwd: workFolder }))
    copyFileSync(join(workFolder, map), join(to, basename(map)))
}
