/** Real providers as processes: each in a group of its own, on loopback, ended by its id together with all its children. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
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
  /** Of the process, and of its group. */
  readonly pid: number
  /** Ends the process and its children, and waits until they are gone. May be called twice. */
  readonly stop: () => Promise<void>
}

/** A start takes 25 s on two idle cores, and several times as long on busy ones. */
export const START_MS = 600_000
const POLL_MS = 250

/** Runs the provider, and ends its whole group when the test's own process is gone, however it ended: descriptor 3 tells. */
const GUARDED = '(read -r _ <&3; kill -KILL 0) & exec "$@" 3<&-'

/** Starts a provider and waits until it is ready. One that is not is ended, and its last lines say why. */
export const startProvider = async (start: ProviderStart): Promise<ProviderProcess> => {
  const { command, args, env = {}, folder, readyUrl } = start
  const logFile = join(folder, 'output.log')
  const output = openSync(logFile, 'a')
  const child = spawn('sh', ['-c', GUARDED, 'sh', command, ...args], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
    env: { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', ...env },
  })
  closeSync(output)
  await once(child, 'spawn')
  const stop = () => ended(child)
  for (const startedAt = performance.now(); !(await isReady(readyUrl)); await sleep(POLL_MS)) {
    const reason = isGone(child) ? 'ended' : performance.now() - startedAt > START_MS ? 'is late' : ''
    if (reason === '') continue
    await stop()
    throw new Error(`${command} ${reason}: ${readFileSync(logFile, 'utf8').slice(-2_000)}`)
  }
  return { pid: child.pid ?? 0, stop }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** Also where the provider has ended by itself: its children may be there still. */
const ended = async (child: ChildProcess): Promise<void> => {
  const exit = isGone(child) ? undefined : once(child, 'exit')
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
  await exit
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
