/** Programs of this project as child processes, each leading a process group of its own. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
  /** Whether the process group was empty within a second of the end. */
  readonly leftNothing: boolean
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default the project's folder. */
  readonly cwd?: string
  /** Once `text` is on stdout, `use` is called with all of it; when that is done, the program gets SIGTERM. */
  readonly whenPrinted?: { readonly text: string; use(stdout: string): Promise<void> }
}

/** The framework is some thousand modules: compiling them once instead of at each start saves a fifth of the time. */
export const COMPILE_CACHE = join(PROJECT_ROOT, 'node_modules', '.cache', 'e2e-compile')

/** Runs this Node with `args` to the end, killed after 60 s. */
export const runNode = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  run(process.execPath, args, options)

export const run = async (
  command: string,
  args: readonly string[],
  { env = {}, cwd = PROJECT_ROOT, whenPrinted }: RunOptions = {},
): Promise<Finished> => {
  const begun = performance.now()
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const written = { stdout: '', stderr: '' }
  let used: Promise<void> | undefined
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      written[name] += stripVTControlCharacters(chunk.toString())
      if (whenPrinted && written.stdout.includes(whenPrinted.text)) {
        used ??= whenPrinted.use(written.stdout).finally(() => child.kill('SIGTERM'))
      }
    })
  }
  const timer = setTimeout(() => killGroup(child), 60_000)
  await once(child, 'close')
  clearTimeout(timer)
  await used
  const milliseconds = performance.now() - begun
  return { code: child.exitCode, ...written, milliseconds, leftNothing: await groupIsEmpty(child.pid) }
}

/** Whether no process is left in the group that `leader` led, waiting up to five seconds for the last ones to end: a busy machine takes its time. */
export const groupIsEmpty = async (leader: number | undefined): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(-(leader ?? 0), 0)
    } catch {
      return true
    }
    await sleep(50)
  }
  return false
}

const killGroup = (child: ChildProcess): void => {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
}
