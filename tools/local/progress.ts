/** What a person sees while `npm start` is not ready yet: one line a step, with the seconds that have gone by. */

interface Screen {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

export type Progress = (step: string) => void

/** Says nothing where nobody looks on: a program that reads the output waits for the ready line. */
export const progressOn = (screen: Screen, nowMs: () => number = () => performance.now()): Progress => {
  const startedAt = nowMs()
  return (step) => {
    if (!screen.isTTY) return
    const seconds = Math.floor((nowMs() - startedAt) / 1000)
    screen.write(`${String(seconds).padStart(4)} s  ${step}\n`)
  }
}
