/** What a step of the rehearsal is, and the run of them one after the other. */

import { setTimeout as sleep } from 'node:timers/promises'

export interface Step {
  readonly name: string
  /** Does it and returns what came of it, in a few words. Throws when it is not as it should be. */
  readonly run: () => Promise<string>
}

export interface Outcome {
  readonly step: string
  readonly seconds: number
  readonly ok: boolean
  readonly answer: string
}

/** Runs the steps in order and ends with the first that fails: each builds on those before it. */
export const runSteps = async (
  steps: readonly Step[],
  tell: (outcome: Outcome) => void,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  for (const { name, run } of steps) {
    const begun = performance.now()
    const [ok, answer] = await run().then(
      (text) => [true, text] as const,
      (error: Error) => [false, error.message] as const,
    )
    const outcome = { step: name, seconds: Math.round((performance.now() - begun) / 100) / 10, ok, answer }
    outcomes.push(outcome)
    tell(outcome)
    if (!ok) break
  }
  return outcomes
}

/** Throws an error with this sentence unless it holds. */
export function expect(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence)
}

/** Asks again until there is something. Throws `sentence` when the time is over. */
export const eventually = async <T>(
  ask: () => Promise<T | undefined>,
  { seconds, sentence }: { readonly seconds: number; readonly sentence: string },
): Promise<T> => {
  for (const endsAt = performance.now() + seconds * 1000; ; ) {
    const found = await ask()
    if (found !== undefined) return found
    if (performance.now() > endsAt) throw new Error(sentence)
    await sleep(1000)
  }
}
