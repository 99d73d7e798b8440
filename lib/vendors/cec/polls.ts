/** Polls of a stage that has only so many executions: each as long as the policy says, and counted for those that come after. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { type PollPolicy, pollPlan } from './poll-length.ts'
import type { PollLoads } from './poll-load.ts'

export interface PollsDeps {
  readonly policy: PollPolicy
  readonly loads: PollLoads
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

/** `poll` asks CEC and ends within the seconds that it is given. */
export interface PollOf<Answer> {
  readonly askedSeconds: number | undefined
  readonly poll: (seconds: number) => Promise<Answer>
}

/**
 * Asks CEC, or throws RATE_EXCEEDED with the seconds after which the page shall come again: then CEC was not asked, and whatever
 * it has for the page stays there. The count goes on beside the call to CEC, and is not asked for where executions have no limit.
 */
export const pollsUnderLoad =
  ({ policy, loads, now, random }: PollsDeps) =>
  async <Answer>({ askedSeconds, poll }: PollOf<Answer>, deadline: Deadline): Promise<Answer> => {
    const plan = pollPlan(policy, { askedSeconds, load: loads.latest(), random: random() })
    const exchanged = policy.executions === undefined ? undefined : loads.exchange(deadline)
    try {
      if ('retryAfterSeconds' in plan) {
        loads.ended()
        throw crowded(plan)
      }
      const from = now().getTime()
      return await poll(plan.seconds).finally(() => loads.ended(Math.max(0, now().getTime() - from)))
    } finally {
      await exchanged
    }
  }

const crowded = (detail: { readonly retryAfterSeconds: number }): BridgeError =>
  new BridgeError('RATE_EXCEEDED', 'polls: expected fewer at a time, poll again after Retry-After', {
    detail,
  })
