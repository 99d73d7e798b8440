/** Requests: sandboxes that come and go, and callers that want any tenant's token at any time. */

import { asBridgeError } from '../../../lib/errors.ts'
import { hardLimitAt } from '../../../lib/token-cache/freshness.ts'
import type { Clock } from './clock.ts'
import type { Sandbox } from './sandbox.ts'
import { SYSTEMS, tenantId } from './tenants.ts'

/** Lambda says of no sandbox how long it lives; replacing each after 30 to 60 minutes is on the short side. */
const SHORTEST_LIFE_MS = 30 * 60_000
const LONGEST_LIFE_MS = 60 * 60_000
const REQUEST_MS = 9_500

export const lifeMs = (random: () => number): number =>
  SHORTEST_LIFE_MS + (LONGEST_LIFE_MS - SHORTEST_LIFE_MS) * random()

export interface Traffic {
  requests: number
  failed: number
  /** The codes of those that failed. */
  readonly codes: Set<string>
  /** Got a token at or past its hard limit. */
  dead: number
  longestMs: number
}

export interface TrafficDeps {
  readonly clock: Clock
  readonly random: () => number
  readonly newSandbox: () => Sandbox
  readonly sandboxes: number
  readonly tenants: number
  readonly requestsPerSecond: number
  readonly untilMs: number
}

/** Requests begin at random moments (a Poisson process) until `untilMs`, each in one of the sandboxes. */
export const traffic = (deps: TrafficDeps) => {
  const { clock, random, newSandbox, tenants, requestsPerSecond, untilMs } = deps
  const sum: Traffic = { requests: 0, failed: 0, codes: new Set(), dead: 0, longestMs: 0 }
  // The first ones have begun at different times.
  const places = Array.from({ length: deps.sandboxes }, () => ({
    sandbox: newSandbox(),
    endsAt: clock.elapsed() + lifeMs(random) * random(),
  }))
  const any = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T

  const request = async (): Promise<void> => {
    const place = any(places)
    if (clock.elapsed() >= place.endsAt) {
      place.sandbox = newSandbox()
      place.endsAt = clock.elapsed() + lifeMs(random)
    }
    const system = any(SYSTEMS)
    const tenant = tenantId(Math.floor(random() * tenants))
    const startedAt = clock.elapsed()
    sum.requests += 1
    try {
      const token = await place.sandbox.token(system, tenant, clock.deadline(REQUEST_MS))
      if (clock.now().getTime() >= hardLimitAt(token)) sum.dead += 1
    } catch (error) {
      sum.failed += 1
      sum.codes.add(asBridgeError(error).code)
    }
    sum.longestMs = Math.max(sum.longestMs, clock.elapsed() - startedAt)
  }

  const begin = async (): Promise<void> => {
    while (clock.elapsed() < untilMs) {
      await clock.pause((-Math.log(1 - random()) / requestsPerSecond) * 1_000)
      clock.start(request)
    }
  }
  return { sum, begin }
}
