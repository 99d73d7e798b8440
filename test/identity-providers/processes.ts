/** Real providers as processes: each in a group of its own, on loopback, ended by its id together with all its children. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProviderStart {
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment beside PATH and HOME: settings of the machine's user do not reach the provider. */
  readonly env?: Readonly<Record<string, string>>
  /** Where the provider runs, and where its output is kept. */
  readonly folder: string
  /** Answers 200 once the provider is ready. */
  readonly readyUrl: string
}

export interface ProviderProcess {
  /** Ends the process and its children, and waits until they are gone. May be called twice. */
  readonly stop: () => Promise<void>
}

/** A start takes 25 s on two idle cores, and several times as long on busy ones. */
export const START_MS = 600_000
const POLL_MS = 250

const running = new Set<ChildProcess>()
// When a test run ends early, no afterAll ends what it has started.
process.once('exit', () => {
  for (const child of running) killGroup(child)
})

/** Starts a provider and waits until it is ready. One that is not is ended, and its last lines say why. */
export const startProvider = async (start: ProviderStart): Promise<ProviderProcess> => {
  const { command, args, env = {}, folder, readyUrl } = start
  const logFile = join(folder, 'output.log')
  const output = openSync(logFile, 'a')
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', ...env },
  })
  await once(child, 'spawn')
  running.add(child)
  const stop = () => ended(child)
  for (const startedAt = performance.now(); !(await isReady(readyUrl)); await sleep(POLL_MS)) {
    const reason =
      child.exitCode !== null ? 'ended' : performance.now() - startedAt > START_MS ? 'is late' : ''
    if (reason === '') continue
    await stop()
    throw new Error(`${command} ${reason}: ${readFileSync(logFile, 'utf8').slice(-2_000)}`)
  }
  return { stop }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

const ended = async (child: ChildProcess): Promise<void> => {
  if (!running.delete(child)) return
  const isGone = child.exitCode !== null || child.signalCode !== null
  const exit = isGone ? undefined : once(child, 'exit')
  killGroup(child)
  await exit
}

const killGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
}

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
