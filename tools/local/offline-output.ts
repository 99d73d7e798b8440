/** What the offline plugin prints: its start-up text names ports that nobody chose, its request lines repeat our log. */

import { createRequire } from 'node:module'

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
