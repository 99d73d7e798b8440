/** npm passes a signal on to nobody, so a server that it started would outlive it and keep its port. */

const PERIOD_MS = 500

/** Sends this process SIGTERM once the npm that started it is gone. Does nothing when npm did not start it. */
export const endWithNpm = (): void => {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, PERIOD_MS)
  timer.unref()
}
