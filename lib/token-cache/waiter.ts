/** Who needs a token that is not there: looks until somebody has it, or fetches it itself. */

import { vendorTimedOut, waitingMs } from '../concurrency/deadline.ts'
import type { BridgeError } from '../errors.ts'
import { isUnreadable } from '../table/unreadable.ts'
import type { AuditedFetch, Holder } from './holder.ts'
import { leaseWatch } from './lease.ts'
import type { Look, Step, Wanted } from './look.ts'
import type { ServiceToken, TokenRequest } from './service-token.ts'
import type { StoredTokens } from './stored-tokens.ts'

const WAIT_MS = 50
const LONGEST_WAIT_MS = 500
/** Looks in a row that must fail until a sandbox goes alone. Those at a table that is silent cost no time. */
const LOOKS = 3

export interface WaiterDeps {
  readonly look: Look
  readonly fetchAsHolder: Holder
  readonly ask: AuditedFetch
  readonly report: StoredTokens['report']
  readonly now: () => Date
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly newId: () => string
  readonly pause: (ms: number) => Promise<void>
}

type SearchStep = Step | { readonly next: 'go-alone'; readonly error: BridgeError }

/**
 * The token that is wanted: from the table, on its way already, or fetched. Undefined where it is not worth a fetch.
 * With the table unreadable at three looks in a row the sandbox fetches for itself.
 */
export type Waiter = (request: TokenRequest, wanted?: Wanted) => Promise<ServiceToken | undefined>

export const tokenWaiter = ({ look, fetchAsHolder, ask, report, ...deps }: WaiterDeps): Waiter => {
  const { now, random, newId, pause } = deps
  const pauseMs = (waits: number): number =>
    Math.min(WAIT_MS * 1.5 ** waits, LONGEST_WAIT_MS) * (0.5 + random())

  return async (request, { isGood = () => true, mayFetch = () => true, isForced = false } = {}) => {
    const { subject, deadline } = request
    const wanted = { isGood, mayFetch, isForced }
    const search = { subject, deadline, wanted, leaseId: newId(), watch: leaseWatch(now) }

    let failures: BridgeError[] = []
    const looked = (step: Step): SearchStep => {
      failures = []
      return step
    }
    const failed = (error: unknown): SearchStep => {
      if (!isUnreadable(error)) throw error
      if (!mayFetch(undefined)) return { next: 'give-up' }
      failures.push(error)
      // A table that fails now and then is asked again: there may be a token, or somebody who fetches one.
      const [first = error] = failures
      return failures.length < LOOKS ? { next: 'wait' } : { next: 'go-alone', error: first }
    }

    for (let waits = 0; ; waits++) {
      const step = await look(search).then(looked, failed)
      switch (step.next) {
        case 'use':
          return step.token
        case 'give-up':
          return undefined
        case 'fetch':
          return fetchAsHolder(request, step.held, isGood)
        case 'go-alone':
          report(subject, step.error)
          // Whether credentials may be shown without the table, the fetch knows.
          return ask(request, deadline, { isAlone: true })
        case 'wait': {
          const waitMs = pauseMs(waits)
          if (waitingMs(deadline) <= waitMs) throw vendorTimedOut()
          await pause(waitMs)
        }
      }
    }
  }
}
