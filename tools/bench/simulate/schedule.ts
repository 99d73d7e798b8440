/** The schedule: the real prewarm, started every minute, and what each of its runs took. */

import { isListed } from '../../../lib/prewarm/listed.ts'
import { type PrewarmSummary, prewarm } from '../../../lib/prewarm/prewarm.ts'
import type { Share } from '../../../lib/prewarm/share.ts'
import { warmerOf } from '../../../lib/prewarm/warmer.ts'
import type { SecretList } from '../../../lib/secrets/source.ts'
import { WARM_UP_PERIOD_MS } from '../../../lib/token-cache/freshness.ts'
import type { Clock } from './clock.ts'
import type { Sandbox } from './sandbox.ts'
import { PREFIX } from './tenants.ts'
import type { Tally } from './views.ts'

/** As lib/concurrency/deadline.ts keeps back. */
const RESERVE_MS = 500

export interface Run extends PrewarmSummary {
  /** From the start of the simulation on. */
  readonly startedAtMs: number
  readonly tookMs: number
  /** Items that were due when the list was asked for them, by the items themselves. */
  readonly dueItems: number
  /** Items read for what was due. */
  readonly reads: number
  /** Items read for the sweep: its own, in every run, and tokens of the tenants that it found. */
  readonly sweepReads: number
}

/** One sandbox of the function that the schedule calls. */
export interface Warming {
  readonly sandbox: Sandbox
  readonly tally: Tally
  readonly list: SecretList
}

const scheduledRun = ({ clock, timeoutMs, share }: ScheduleDeps, { sandbox, tally, list }: Warming) => {
  const { table, tokens, sources } = sandbox
  const { now } = clock
  const deps = { tokens, now, isListed: isListed({ list, prefix: PREFIX }) }
  let beforeSweep: Tally | undefined
  const run = prewarm({
    warmers: sources.map((source) => warmerOf(source, deps)),
    tokens,
    table,
    list: (prefix, from) => {
      beforeSweep ??= { ...tally }
      return list(prefix, from)
    },
    prefix: PREFIX,
    now,
    log: () => undefined,
  })
  return async (): Promise<Run> => {
    beforeSweep = undefined
    const before = { ...tally }
    const startedAtMs = clock.elapsed()
    const summary = await run(clock.deadline(timeoutMs - RESERVE_MS), share)
    const forDue = beforeSweep ?? { ...tally }
    return {
      ...summary,
      startedAtMs,
      tookMs: clock.elapsed() - startedAtMs,
      dueItems: forDue.due - before.due,
      reads: forDue.listed - before.listed + forDue.tokenItems - before.tokenItems,
      sweepReads: tally.sweepItem - before.sweepItem + tally.tokenItems - forDue.tokenItems,
    }
  }
}

export interface ScheduleDeps {
  readonly clock: Clock
  /** The first does every run, the second joins in each `twiceEvery`-th: schedules fire at least once. */
  readonly warmings: readonly [Warming, Warming]
  readonly twiceEvery: number
  /** Each so-many-th run does not happen. Default none is missed. */
  readonly missedEvery?: number
  readonly timeoutMs: number
  /** Of the tenants. Default all. */
  readonly share?: Share
  readonly untilMs: number
  readonly onRun: (run: Run) => void
}

/** Starts runs at every full minute before `untilMs`, whether or not the last one has ended. */
export const schedule = async (deps: ScheduleDeps): Promise<void> => {
  const { clock, warmings, twiceEvery, missedEvery = Number.POSITIVE_INFINITY, untilMs, onRun } = deps
  const [first, second] = warmings.map((warming) => scheduledRun(deps, warming))
  const begin = (run: (() => Promise<Run>) | undefined): void =>
    clock.start(async () => {
      if (run !== undefined) onRun(await run())
    })
  for (let count = 1; clock.elapsed() < untilMs; count++) {
    if (count % missedEvery !== 0) begin(first)
    if (count % twiceEvery === 0) begin(second)
    await clock.pause(WARM_UP_PERIOD_MS)
  }
}
