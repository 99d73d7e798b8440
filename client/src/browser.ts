/** The browser itself: the one module that touches it. */

import { type Environment, whileWanted } from './environment.ts'

/** Tabs share a chat with both or not at all. A page that did not come by https has no locks. */
const canShare = (): boolean => 'locks' in navigator && 'BroadcastChannel' in globalThis

export const browser: Environment = {
  fetch: (url, request) => fetch(url, { ...request, cache: 'no-store', redirect: 'error' }),
  clock: {
    now: () => performance.now(),
    pause: (ms, signal) => whileWanted(new Promise((resolve) => setTimeout(resolve, ms)), signal),
    limit: (ms) => AbortSignal.timeout(ms),
  },
  random: Math.random,
  wallClock: Date.now,
  isVisible: () => document.visibilityState === 'visible',
  onChange: (changed, signal) => {
    document.addEventListener('visibilitychange', changed, { signal })
    addEventListener('online', changed, { signal })
  },
  lock: (name, signal, run) => (canShare() ? navigator.locks.request(name, { signal }, run) : run()),
  channel: (name, heard) => {
    if (!canShare()) return undefined
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => heard(data)
    return { post: (note) => channel.postMessage(note), close: () => channel.close() }
  },
}
