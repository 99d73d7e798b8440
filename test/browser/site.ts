/** The sample site of `examples/page`, the stage of `npm start` that lets it in, and a real Chromium. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { runNode } from '../e2e/process.ts'
import { type Server, startServer } from '../e2e/server.ts'
import { startChromium } from './chromium.ts'

export interface Site {
  /** Of the page, without a slash at the end. */
  readonly origin: string
  readonly browser: Browser
  /** How often CEC's emulator has been called since `reset`, by the name of the call. */
  calls(): Promise<Readonly<Record<string, number>>>
  /** Orders a fault of CEC's emulator. */
  fail(fault: object): Promise<void>
  reset(): Promise<void>
  close(): Promise<void>
}

export const startSite = async (): Promise<Site> => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const built = await runNode(['tools/client/build.ts'])
  if (built.code !== 0) throw new Error(`${built.stdout}${built.stderr}`)
  const stage = await startServer({
    params: { corsOrigins: origin, accessTokenLifetimeSeconds: '30', pollSeconds: '1' },
  })
  const backEnd = await startBackEnd(port, stage)
  const browser = await startChromium()
  const control = /^# control of the emulator of CEC: (\S+)$/m.exec(stage.output())?.[1] ?? ''
  const controlled = async (path: string, method: string, body?: object): Promise<Response> =>
    fetch(control + path, { method, ...(body && { body: JSON.stringify(body) }) })
  return {
    origin,
    browser,
    calls: async () =>
      ((await (await controlled('/calls', 'GET')).json()) as { calls: Record<string, number> }).calls,
    fail: async (fault) => {
      const { status } = await controlled('/faults', 'POST', fault)
      if (status !== 200) throw new Error(`the fault was refused with ${status}`)
    },
    reset: async () => {
      await controlled('/faults', 'DELETE')
      await controlled('/calls', 'DELETE')
    },
    close: async () => {
      await browser.close()
      backEnd.kill()
      await stage.stop()
    },
  }
}

const startBackEnd = async (port: number, { url }: Server): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [join('examples', 'page', 'back-end.ts')], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, PAGE_PORT: String(port), API: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data') // it says where it is
  return child
}

/** The origin of the page must be known before the stage starts. */
const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
