/** `npm start` as a child process that can be ended by its id. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

export interface OfflineProcess {
  readonly url: string
  readonly pid: number
  /** Everything printed so far, stdout and stderr as they came. */
  output(): string
  /** Sends SIGTERM and resolves with the exit code when the process is gone; SIGKILL after 10 s. */
  stop(): Promise<number | null>
}

export interface OfflineOptions {
  /** Added to this process's environment; `undefined` takes a variable out. Default port: a free one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The folder of the project. Default: this one. */
  readonly project?: string
  /** Of the stage, as on the command line. */
  readonly params?: Readonly<Record<string, string>>
  /** The child leads its own process group, so that a test can look for what it leaves behind. Default false. */
  readonly detached?: boolean
  /** Default 60,000. */
  readonly readyWithinMs?: number
}

export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** npx between us and the server would take a signal and leave the server running, so it is started itself. */
export const SERVERLESS = fileURLToPath(
  new URL('../../node_modules/serverless/bin/serverless.js', import.meta.url),
)

const READY = /^Ready: (http:\/\/\S+) /m
const READY_WITHIN_MS = 60_000
const STOP_TIMEOUT_MS = 10_000
const WHEN_LATE = 'Run npm start in a terminal of its own, wait for its line "Ready", and repeat the command'

/** Resolves at the ready line. Rejects with the whole output when the process ends, or is not ready in time. */
export const startOfflineProcess = async ({
  env = {},
  project = PROJECT_ROOT,
  params = {},
  detached = false,
  readyWithinMs = READY_WITHIN_MS,
}: OfflineOptions = {}): Promise<OfflineProcess> => {
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`)
  const child = spawn(process.execPath, [SERVERLESS, 'offline', 'start', ...given], {
    cwd: project,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (what: string): void => {
      child.kill('SIGKILL')
      const printed = output === '' ? 'It printed nothing.' : `It printed:\n${output}`
      reject(new Error(`serverless offline start ${what}. ${printed}`))
    }
    const late = `was not ready within ${readyWithinMs} ms. ${WHEN_LATE}`
    const timer = setTimeout(fail, readyWithinMs, late)
    const read = (chunk: Buffer): void => {
      output += stripVTControlCharacters(chunk.toString())
      const ready = READY.exec(output)?.[1]
      if (ready === undefined) return
      clearTimeout(timer) // else it would kill a server that has long been ready
      resolve(ready)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', (code) => fail(`ended with exit code ${code}`))
    child.once('close', () => clearTimeout(timer))
  })
  return { url, pid: child.pid ?? 0, output: () => output, stop: () => stop(child) }
}

const stop = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await closed
  clearTimeout(timer)
  return child.exitCode
}
