/** Requests that go on while a stage changes, each with what its answer must be. */

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '../step.ts'

export interface Job {
  readonly name: string
  /** Asks once. Throws what is wrong with the answer. */
  readonly ask: () => Promise<void>
}

export interface Count {
  asked: number
  wrong: number
}

/** By phase, and within it by job. */
export type Counts = ReadonlyMap<string, ReadonlyMap<string, Count>>

export interface Load {
  /** From now on requests that begin count as this phase's. */
  readonly enter: (phase: string) => void
  /** Resolves when every request has its answer. */
  readonly end: () => Promise<void>
  readonly counts: Counts
  /** What was wrong, in words: the first few. */
  readonly wrong: readonly string[]
}

export interface LoadOptions {
  /** How many requests are under way at a time. */
  readonly lanes: number
  /** Of a lane, between two requests: the stage and the load share a machine. */
  readonly pauseMs: number
}

const MOST_TOLD = 5

/** Each lane goes round the jobs, and each begins at another. */
export const startLoad = (jobs: readonly Job[], { lanes, pauseMs }: LoadOptions): Load => {
  const counts = new Map<string, Map<string, Count>>()
  const wrong: string[] = []
  let phase = ''
  let isEnding = false

  const ask = async (job: Job): Promise<void> => {
    const within = phase
    const byJob = counts.get(within) ?? new Map<string, Count>()
    counts.set(within, byJob)
    const count = byJob.get(job.name) ?? { asked: 0, wrong: 0 }
    byJob.set(job.name, count)
    count.asked += 1
    try {
      await job.ask()
    } catch (error) {
      count.wrong += 1
      if (wrong.length < MOST_TOLD) wrong.push(`${within}: ${job.name}: ${(error as Error).message}`)
    }
  }
  const lane = async (first: number): Promise<void> => {
    for (let at = first; !isEnding; at++) {
      const job = jobs[at % jobs.length]
      if (job !== undefined) await ask(job)
      await sleep(pauseMs)
    }
  }
  let running: Promise<unknown> | undefined
  return {
    enter: (next) => {
      phase = next
      running ??= Promise.all(
        Array.from({ length: lanes }, (_, number) => lane(Math.floor((number * jobs.length) / lanes))),
      )
    },
    end: async () => {
      isEnding = true
      await running
    },
    counts,
    wrong,
  }
}

/** How many requests of a phase were answered, and how many wrongly. */
export const total = (counts: Counts, phase: string): Count =>
  [...(counts.get(phase)?.values() ?? [])].reduce(
    (sum, { asked, wrong }) => ({ asked: sum.asked + asked, wrong: sum.wrong + wrong }),
    { asked: 0, wrong: 0 },
  )

type Counted = Pick<Load, 'counts' | 'wrong'>

/** How many requests of these phases were answered. Throws where one was answered wrongly, and where a phase had none: it shows nothing. */
export const answeredRightly = ({ counts, wrong: told }: Counted, phases: readonly string[]): number => {
  const totals = phases.map((phase) => ({ phase, ...total(counts, phase) }))
  const asked = totals.reduce((sum, one) => sum + one.asked, 0)
  const wrong = totals.reduce((sum, one) => sum + one.wrong, 0)
  expect(wrong === 0, `${wrong} of ${asked} requests were answered wrongly:\n${told.join('\n')}`)
  const empty = totals.filter((one) => one.asked === 0).map(({ phase }) => phase)
  expect(phases.length > 0 && empty.length === 0, `no request was made: ${empty.join(', ') || 'no phase'}`)
  return asked
}

/** Throws where a job was never asked, in whatever phase. */
export const assertEachAsked = ({ counts }: Counted, jobs: readonly Pick<Job, 'name'>[]): void => {
  const asked = new Set([...counts.values()].flatMap((byJob) => [...byJob.keys()]))
  const never = jobs.map(({ name }) => name).filter((name) => !asked.has(name))
  expect(jobs.length > 0 && never.length === 0, `never asked: ${never.join(', ') || 'there is no job'}`)
}
