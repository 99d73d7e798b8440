/** What one run of the framework writes on the way: a folder below `.esbuild` that goes with the process. */

import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isAlive } from './process-alive.ts'

const BUILD_PARENT = '.esbuild'
const BUILD_KINDS = ['package', 'local'] as const

/** Where `os.tmpdir()` looks, on every system. */
const TEMPORARY = ['TMPDIR', 'TMP', 'TEMP'] as const

/** The part of the framework that is told where to build. */
interface Framework {
  readonly serviceDir: string
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
  extendConfiguration(path: string[], value: unknown): void
}

/**
 * Makes `<parent>/<kind>-<process id>` and returns its path. It is removed when the process ends. Those of processes that were
 * killed are removed now, of this kind and of `siblings`. Throws one sentence when it cannot be written.
 */
export const makeRunFolder = (parent: string, kind: string, siblings: readonly string[] = []): string => {
  const name = new RegExp(`^(?:${[kind, ...siblings].join('|')})-(\\d+)$`)
  const folder = join(parent, `${kind}-${process.pid}`)
  removeFolders(parent, name, (pid) => pid === process.pid || !isAlive(pid))
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`${parent} cannot be written (${code}): make it yours, or work in a copy of the project.`)
  }
  process.on('exit', () => removeFolders(parent, name, (pid) => pid === process.pid))
  return folder
}

/**
 * Lets serverless-esbuild build in a folder of this process: two runs at a time would write, and one of them remove, each
 * other's bundles, and what an interrupted run has left would end up in the zips. Temporary files go there as well, since
 * serverless-esbuild leaves a folder for each function behind.
 * Returns the folder in which is built, from the project's own.
 */
export const useRunFolder = (framework: Framework, kind: (typeof BUILD_KINDS)[number]): string => {
  const { serviceDir } = framework
  let folder: string
  try {
    folder = makeRunFolder(join(serviceDir, BUILD_PARENT), kind, BUILD_KINDS)
  } catch (error) {
    throw new framework.classes.Error((error as Error).message, 'RUN_FOLDER')
  }
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  for (const name of TEMPORARY) process.env[name] = temporary
  const work = join(relative(serviceDir, folder), 'work')
  framework.extendConfiguration(['custom', 'esbuild', 'outputWorkFolder'], work)
  return work
}

/** Never the reason why a command fails: what cannot be removed is left for the next. */
const removeFolders = (parent: string, name: RegExp, isOld: (pid: number) => boolean): void => {
  try {
    for (const entry of readdirSync(parent)) {
      const pid = name.exec(entry)?.[1]
      if (pid !== undefined && isOld(Number(pid)))
        rmSync(join(parent, entry), { recursive: true, force: true })
    }
  } catch {}
}
