/** What one run of the framework writes on the way: a folder below `.esbuild` that goes with the process. */

import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './process-alive.ts'

const PARENT = '.esbuild'
const NAME = /^[a-z]+-(\d+)$/

/** Where `os.tmpdir()` looks, on every system. */
const TEMPORARY = ['TMPDIR', 'TMP', 'TEMP'] as const

/** The part of the framework that is told where to build. */
interface Framework {
  readonly serviceDir: string
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
  extendConfiguration(path: string[], value: unknown): void
}

/**
 * Makes a folder for this process and returns its path, from the project's own. It is removed when the process ends.
 * Those of processes that were killed are removed now. Throws one sentence when it cannot be written.
 */
export const makeRunFolder = (project: string, kind: 'package' | 'local' | 'rehearsal'): string => {
  const folder = join(PARENT, `${kind}-${process.pid}`)
  removeFolders(project, (pid) => pid === process.pid || !isAlive(pid))
  try {
    mkdirSync(join(project, folder, 'tmp'), { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(
      `${join(project, PARENT)} cannot be written (${code}): make it yours, or work in a copy of the project.`,
    )
  }
  process.on('exit', () => removeFolders(project, (pid) => pid === process.pid))
  return folder
}

/**
 * Lets serverless-esbuild build in a folder of this process: two runs at a time would write, and one of them remove, each
 * other's bundles, and what an interrupted run has left would end up in the zips. Temporary files go there as well, since
 * serverless-esbuild leaves a folder for each function behind.
 * Returns the folder in which is built, from the project's own.
 */
export const useRunFolder = (framework: Framework, kind: 'package' | 'local'): string => {
  const { serviceDir } = framework
  let folder: string
  try {
    folder = makeRunFolder(serviceDir, kind)
  } catch (error) {
    throw new framework.classes.Error((error as Error).message, 'RUN_FOLDER')
  }
  for (const name of TEMPORARY) process.env[name] = join(serviceDir, folder, 'tmp')
  const work = join(folder, 'work')
  framework.extendConfiguration(['custom', 'esbuild', 'outputWorkFolder'], work)
  return work
}

/** Never the reason why a command fails: what cannot be removed is left for the next. */
const removeFolders = (serviceDir: string, isOld: (pid: number) => boolean): void => {
  try {
    const parent = join(serviceDir, PARENT)
    for (const name of readdirSync(parent)) {
      const pid = NAME.exec(name)?.[1]
      if (pid !== undefined && isOld(Number(pid)))
        rmSync(join(parent, name), { recursive: true, force: true })
    }
  } catch {}
}
