/** What the offline plugin prints: its start-up text names ports that nobody chose, its request lines repeat our log. */

import { createRequire } from 'node:module'
import { shortening } from './short-lines.ts'

interface FrameworkLog {
  getPluginWriters(plugin: string): { log: { notice: { disable(): void } } }
}

/** Drops the plugin's notices for good (its errors stay), and all of `console.log` until the returned function is called. */
export const muteOffline = (): (() => void) => {
  const { getPluginWriters } = createRequire(import.meta.url)(
    'serverless/lib/utils/serverless-utils/log',
  ) as FrameworkLog
  getPluginWriters('serverless-offline').log.notice.disable()
  const { log } = console
  console.log = () => {}
  return () => {
    console.log = log
  }
}

/** Short lines from now on: what the workers print comes through this process's own output. */
export const shortenOutput = (): void => {
  const write = process.stdout.write.bind(process.stdout)
  const short = shortening((text) => write(text))
  process.stdout.write = ((chunk: string | Uint8Array) => {
    short(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    return true
  }) as typeof process.stdout.write
}
