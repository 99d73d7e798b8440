/** A copy of the project to package: the framework writes to the folder of its project, whatever it is told. */

import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PROJECT_ROOT } from '../local/offline-process.ts'

const LEFT_OUT = ['node_modules', 'coverage', 'release']

/** An example or a tool has packages of its own, which nothing packages, and which somebody may be installing at this very moment. */
export const isSource = (path: string): boolean => basename(path) !== 'node_modules'

/** Copies the sources into a folder, which is made, and leads it to the packages that are installed here. */
export const copyProject = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(PROJECT_ROOT)) {
    if (name.startsWith('.') || LEFT_OUT.includes(name)) continue
    cpSync(join(PROJECT_ROOT, name), join(folder, name), { recursive: true, filter: isSource })
  }
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
}
