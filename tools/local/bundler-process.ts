/** The bundler's own process, which it starts on first use and leaves to end some time after ours. */

import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { stop } from 'esbuild'

/** How long it may take to end, in milliseconds. */
const PATIENCE_MS = 1000

/**
 * Watches for the children that this process starts from now on. The returned function ends the bundler and
 * waits for them: a child that outlived us would stay in the process table where nothing collects orphans.
 */
export const bundlerStopper = (): (() => Promise<void>) => {
  const children = new Set<ChildProcess>()
  subscribe('child_process', (message) => {
    const { process: child } = message as { process: ChildProcess }
    children.add(child)
    child.once('exit', () => children.delete(child))
  })
  return async () => {
    await stop()
    await Promise.all([...children].map(ended))
  }
}

const ended = async (child: ChildProcess): Promise<void> => {
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), PATIENCE_MS)
  await once(child, 'exit', { signal: tooLong.signal }).catch(() => {})
  clearTimeout(timer)
}
