/** One scenario: many tenants, the schedule, and perhaps requests, for some hours of virtual time. */

import type { Table } from '../../../lib/table/table.ts'
import { limitedTable } from './aws/limited-table.ts'
import { processorShare } from './aws/limits.ts'
import { processor } from './aws/processor.ts'
import { tableUnits } from './aws/table-units.ts'
import { virtualClock } from './clock.ts'
import { type Books, ledger } from './ledger.ts'
import { type MemoryTable, memoryTable } from './memory-table.ts'
import { seededRandom } from './random.ts'
import { sandbox } from './sandbox.ts'
import { type Run, schedule, type Warming } from './schedule.ts'
import { type SecretsOf, SYSTEMS, tenantSecrets } from './tenants.ts'
import { type Traffic, traffic } from './traffic.ts'
import { computing, virtualVendor } from './vendor.ts'
import { noReads, type Tally, tableView } from './views.ts'

export interface Scenario {
  readonly tenants: number
  readonly hours: number
  /** From the end of the first complete warm-up on. Default none. */
  readonly requestsPerSecond?: number
  readonly sandboxes?: number
  /** Every so many minutes, the schedule fires twice. Default 15. */
  readonly twiceEvery?: number
  /** What a run of the schedule has. Default 60 s, as in serverless.yml. */
  readonly timeoutMs?: number
  /** With which each tenant has settings. Default all. */
  readonly systems?: SecretsOf['systems']
  /** How a tenant's tokens are kept fresh. Default as a secret that says nothing. */
  readonly warm?: 'always' | 'active' | 'never'
  /** Runs of the schedule that begin in the same minute, each for its share of the tenants. Default 1. */
  readonly shares?: number
  /** What AWS and the vendors set. Default a processor that is never short, and answers at once. */
  readonly limits?: {
    /** Of a sandbox of the schedule. */
    readonly memoryMb: number
    /** The shortest and the longest call to a vendor, in milliseconds. */
    readonly vendorMs: readonly [number, number]
    /** The shortest and the longest page of the secrets' list, in milliseconds. */
    readonly pageMs: readonly [number, number]
  }
  /** What is broken on purpose, to see that the figures show it. */
  readonly faults?: {
    /** The schedule never starts again after this time. */
    readonly scheduleEndsMs?: number
    /** Each so-many-th run of the schedule does not happen. */
    readonly missedEvery?: number
    /** The list shows what is not due, too. */
    readonly listsAll?: boolean
  }
  /** Hears of every full hour of virtual time. */
  readonly onHour?: (hour: number) => void
}

export interface Figures {
  readonly tenants: number
  readonly hours: number
  readonly twiceEvery: number
  readonly fetches: number
  readonly books: Books
  readonly runs: readonly Run[]
  /** Tokens that the first complete warm-up has to have brought. */
  readonly expectedTokens: number
  readonly requests: Traffic | undefined
  /** Calls to the vendor and waits for another's call, of requests. */
  readonly upstreamWaits: number
  readonly requestReads: number
  readonly secretsListed: number
  /** Items that the table says it has handed out, to hold against what was counted above. */
  readonly tableReads: number
}

const HOUR_MS = 3_600_000

export const simulate = async (scenario: Scenario): Promise<Figures> => {
  const { tenants, hours, requestsPerSecond = 0, sandboxes = 20, twiceEvery = 15, faults = {} } = scenario
  const clock = virtualClock()
  const memory = memoryTable()
  const { systems = SYSTEMS, warm, limits, shares = 1 } = scenario
  const chance = seededRandom(1_000_000)
  const between = ([least, most]: readonly [number, number]) => least + (most - least) * chance()
  const vendor = virtualVendor(clock, limits && (() => between(limits.vendorMs)))
  const secrets = tenantSecrets(clock, tenants, {
    systems,
    ...(warm && { settings: { warm } }),
    ...(limits && { pageMs: () => between(limits.pageMs) }),
  })
  const books = ledger()
  const untilMs = hours * HOUR_MS
  const common = { clock, source: secrets.source, log: () => undefined }
  let seed = 1

  const shown = faults.listsAll ? listingAll(memory) : memory
  const limited = limitedTable(shown, tableUnits(clock))
  const view = (tally: Tally): Table => tableView({ clock, memory, limited, ledger: books }, tally)

  const warming = (): Warming => {
    const tally = noReads()
    const random = seededRandom(seed++)
    const ofVendor = vendor.outboundFor(() => undefined)
    const outbound = limits
      ? computing(ofVendor, processor(clock, processorShare(limits.memoryMb)))
      : ofVendor
    return {
      tally,
      list: secrets.list,
      sandbox: sandbox({ ...common, table: view(tally), outbound, random }),
    }
  }

  const requestTally = noReads()
  let upstreamWaits = 0
  const newSandbox = () => {
    const onWait = () => {
      upstreamWaits += 1
    }
    const random = seededRandom(seed++)
    return sandbox({
      ...common,
      table: view(requestTally),
      outbound: vendor.outboundFor(onWait),
      random,
      onWait,
    })
  }

  const runs: Run[] = []
  let requests: Traffic | undefined
  const onRun = (run: Run): void => {
    runs.push(run)
    if (requestsPerSecond === 0 || requests !== undefined || run.left > 0 || run.isSweepUnfinished) return
    const random = seededRandom(0)
    const begun = traffic({ clock, random, newSandbox, sandboxes, tenants, requestsPerSecond, untilMs })
    requests = begun.sum
    clock.start(begun.begin)
  }
  const scheduleEndsMs = faults.scheduleEndsMs ?? untilMs
  const { missedEvery = Number.POSITIVE_INFINITY } = faults
  const { timeoutMs = 60_000 } = scenario
  const times = { twiceEvery, missedEvery, timeoutMs, untilMs: scheduleEndsMs }
  for (let share = 0; share < shares; share++) {
    const warmings = [warming(), warming()] as const
    clock.start(() => schedule({ clock, warmings, ...times, share: { share, of: shares }, onRun }))
  }
  for (let hour = 1; hour <= hours; hour++) {
    await clock.run(hour * HOUR_MS)
    scenario.onHour?.(hour)
  }
  await clock.run(untilMs)
  const end = clock.now().getTime()
  return {
    tenants,
    hours,
    twiceEvery,
    fetches: vendor.calls(),
    books: books.close(end, end - untilMs + Math.max(...runs.map(({ startedAtMs }) => startedAtMs))),
    runs,
    expectedTokens: warm === 'never' ? 0 : tenants * systems.length,
    requests,
    upstreamWaits,
    requestReads: requestTally.tokenItems,
    secretsListed: secrets.listed(),
    tableReads: memory.reads(),
  }
}

/** A table whose index does not heed its range. */
const listingAll = (memory: MemoryTable): MemoryTable => ({
  ...memory,
  listed: (list, _until, deadline) => memory.listed(list, Number.MAX_SAFE_INTEGER, deadline),
})
