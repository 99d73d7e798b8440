/** Another try of what may pass: so often, after a random pause, and never beyond a deadline. */

import { type Deadline, pause as realPause } from './deadline.ts'

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number
  /** The longest pause after the first try, in milliseconds. Doubles with each further one. */
  readonly pauseMs: number
}

export interface RetryDeps extends RetryPolicy {
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly pause?: (ms: number) => Promise<void>
}

/** The pause after the try of that number, the first being 1: anything from 0 to its longest, so that not all come at once. */
export const jitteredPauseMs = ({ pauseMs, random }: Omit<RetryDeps, 'attempts'>, attempt: number): number =>
  random() * pauseMs * 2 ** (attempt - 1)

export interface RetriedCall {
  /** Whether a failure may pass. Any other is thrown at once. */
  readonly mayPass: (error: unknown) => boolean
  readonly deadline: Deadline
}

export type Retry = <Result>(call: () => Promise<Result>, of: RetriedCall) => Promise<Result>

/** Throws the last failure when the tries are used up, or when the deadline leaves no time for the next pause. */
export const retries =
  ({ attempts, pauseMs, random, pause = realPause }: RetryDeps): Retry =>
  async (call, { mayPass, deadline }) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call()
      } catch (error) {
        if (!mayPass(error) || attempt === attempts) throw error
        const waitMs = jitteredPauseMs({ pauseMs, random }, attempt)
        if (deadline.remainingMs() < waitMs) throw error
        await pause(waitMs)
      }
    }
  }
