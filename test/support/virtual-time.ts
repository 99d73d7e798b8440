/** Time that stands still while anything is being done, and jumps to the next one who waits when nothing is. */

export const STARTED_AT = Date.parse('2026-09-21T12:00:00Z')

export const virtualTime = () => {
  let at = STARTED_AT
  let busy = 0
  const sleepers: { wakeAt: number; wake: () => void }[] = []
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return {
    now: () => new Date(at),
    advance: (ms: number) => {
      at += ms
    },
    pause: (ms: number) => new Promise<void>((wake) => sleepers.push({ wakeAt: at + ms, wake })),
    /** For work that the event loop does elsewhere, as encryption: time waits for it. */
    working: async <Result>(work: Promise<Result>): Promise<Result> => {
      busy += 1
      return work.finally(() => {
        busy -= 1
      })
    },
    /** Everything has been done that can be without time going on. */
    settled: async () => {
      for (let calm = 0; calm < 3; calm = busy > 0 ? 0 : calm + 1) await turn()
    },
    run: async <Result>(work: Promise<Result>): Promise<Result> => {
      let isDone = false
      const done = () => {
        isDone = true
      }
      work.then(done, done)
      for (let idle = 0; !isDone && idle < 1_000; ) {
        await turn()
        if (isDone || busy > 0) continue
        sleepers.sort((a, b) => a.wakeAt - b.wakeAt)
        const next = sleepers.shift()
        if (next === undefined) idle += 1
        else {
          at = Math.max(at, next.wakeAt)
          next.wake()
        }
      }
      if (!isDone) throw new Error('nobody will ever wake this')
      return work
    },
  }
}
