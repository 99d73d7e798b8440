/** How a command finds the local stage that runs: a small file for each process that has one, gone with it. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isAlive } from './process-alive.ts'
import type { Stack } from './stack.ts'

export interface RunningStack {
  readonly pid: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endpoints: Stack['endpoints']
  /** Of its functions: settings, and no secret. Absent in the file of a stage of an earlier day. */
  readonly environment?: Readonly<Record<string, string>>
}

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/cec-token-bridge/', import.meta.url))
const FILE = /^local-(\d+)\.json$/

const fileOf = (folder: string, pid: number): string => join(folder, `local-${pid}.json`)

/** Lets other commands find this process's emulators until `withdraw`, or the end of the process. Throws nothing. */
export const announce = (stage: Pick<RunningStack, 'endpoints' | 'environment'>, folder = FOLDER): void => {
  const running: RunningStack = { pid: process.pid, startedAt: Date.now(), ...stage }
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(fileOf(folder, process.pid), JSON.stringify(running))
  } catch (error) {
    // Whoever started it wants the stage more than the commands.
    const { code } = error as NodeJS.ErrnoException
    console.error(`Other commands will not find this stage: ${folder} cannot be written (${code}).`)
    return
  }
  process.once('exit', () => withdraw(folder))
}

export const withdraw = (folder = FOLDER): void => rmSync(fileOf(folder, process.pid), { force: true })

/** The local stage that runs, of several the one started last. Files of processes that are gone are removed. */
export const findRunning = (folder = FOLDER): RunningStack | undefined => allRunning(folder)[0]

/** What the functions of that stage have in their environment to which these variables lead. Empty where no such stage runs here. */
export const environmentOf = (
  env: Readonly<Record<string, string | undefined>>,
  folder = FOLDER,
): Readonly<Record<string, string>> =>
  allRunning(folder).find(({ endpoints }) =>
    Object.entries(endpoints).every(([name, url]) => env[name] === url),
  )?.environment ?? {}

const allRunning = (folder: string): readonly RunningStack[] =>
  filesIn(folder)
    .flatMap((name) => {
      const file = join(folder, name)
      if (isAlive(Number(FILE.exec(name)?.[1]))) return read(file)
      rmSync(file, { force: true })
      return []
    })
    .sort((a, b) => b.startedAt - a.startedAt)

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => FILE.test(name))
  } catch {
    return []
  }
}

/** A file that is just being written is one that is not there yet. */
const read = (file: string): RunningStack[] => {
  try {
    return [JSON.parse(readFileSync(file, 'utf8')) as RunningStack]
  } catch {
    return []
  }
}
