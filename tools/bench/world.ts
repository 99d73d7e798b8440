/** Where all is measured: the emulators in this process, what is measured in others, and rounds in which each has its turn. */

import type { Packaged } from './packages.ts'
import { type Network, startBenchStage } from './stage.ts'
import { makeReady, type Ready, type Releases, type Subject } from './subject.ts'

/** A subject with everything that a process needs to run it. */
export interface Runnable {
  readonly folder: string
  readonly packaged: Packaged
  /** Its placeholders are filled: good for some minutes. */
  readonly event: object
  readonly environment: Readonly<Record<string, string>>
}

export interface BenchWorld {
  readonly ready: (subject: Subject, network: Network) => Promise<Runnable>
  readonly progress: (text: string) => void
  readonly close: () => Promise<void>
}

export interface WorldOptions {
  readonly releases: Releases
  /** An empty folder of its own. */
  readonly folder: string
  readonly progress: (text: string) => void
}

export const benchWorld = async ({ releases, folder, progress }: WorldOptions): Promise<BenchWorld> => {
  const stage = await startBenchStage(releases.own.resources, folder)
  const made = new Map<string, Promise<Ready>>()
  return {
    ready: async (subject, network) => {
      const making = made.get(subject.name) ?? makeReady(subject, releases, folder)
      made.set(subject.name, making)
      const { packaged, eventName, ...ready } = await making
      const event = await stage.event(subject.of, eventName, packaged.environment['ISSUER'] ?? '')
      const environment = { ...packaged.environment, ...stage.environment(network) }
      return { ...ready, packaged, event, environment }
    },
    progress,
    close: stage.close,
  }
}

/** Each case once in every round. What round 0 gives is thrown away: it warms the emulators. */
export const inTurn = async <Case, Figures>(
  cases: readonly Case[],
  { rounds, progress }: { readonly rounds: number; readonly progress: (text: string) => void },
  once: (one: Case) => Promise<Figures>,
): Promise<readonly (readonly Figures[])[]> => {
  const runs = cases.map((): Figures[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, one] of cases.entries()) {
      const figures = await once(one)
      if (round > 0) runs[index]?.push(figures)
    }
    progress(round === 0 ? 'everything answers' : `round ${round} of ${rounds}`)
  }
  return runs
}
