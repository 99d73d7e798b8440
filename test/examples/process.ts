/** Commands of examples/README.md, in a shell as a reader has one, each a group of processes that is ended by its id. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'

export interface Service {
  /** Without a slash at the end. */
  readonly url: string
  /** Everything printed so far. */
  output(): string
  stop(): Promise<void>
}

type Environment = Readonly<Record<string, string>>

/** Ends the whole group when the test's own process is gone, however it ended: descriptor 3 tells. */
const GUARDED = '(read -r _ <&3; kill -KILL 0) & exec bash -c "$0" 3<&-'

const started = (command: string, env: Environment): ChildProcess & { output: () => string } => {
  const child = spawn('bash', ['-c', GUARDED, command], {
    cwd: PROJECT_ROOT,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += stripVTControlCharacters(chunk.toString())
    })
  return Object.assign(child, { output: () => output })
}

const ended = async (child: ChildProcess): Promise<void> => {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
  await gone
}

/** What the command prints on standard output. Throws with all of it when the command fails. */
export const run = async (command: string, env: Environment = {}, input = ''): Promise<string> => {
  const child = started(command, env)
  let stdout = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stdin?.end(input)
  await once(child, 'exit')
  await ended(child)
  if (child.exitCode !== 0) throw new Error(`${command} ended with ${child.exitCode}:\n${child.output()}`)
  return stdout
}

/** The exit code, and everything that the command prints. */
export const finished = async (
  command: string,
  env: Environment,
): Promise<{ code: number | null; output: string }> => {
  const child = started(command, env)
  child.stdin?.end()
  await once(child, 'exit')
  await ended(child)
  return { code: child.exitCode, output: child.output() }
}

/** Resolves once the port answers, whatever it answers. */
export const serve = async (command: string, port: number, env: Environment): Promise<Service> => {
  const child = started(command, { ...env, PORT: String(port) })
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (child.exitCode !== null)
      throw new Error(`${command} ended with ${child.exitCode}:\n${child.output()}`)
    await sleep(100)
  }
  return { url, output: child.output, stop: () => ended(child) }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  )
