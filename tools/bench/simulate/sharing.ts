/** What sharing is worth: fetches of one tenant's token by many sandboxes, with and without the shared store. */

import { virtualClock } from './clock.ts'
import { withoutLeases } from './leaseless-table.ts'
import { ledger } from './ledger.ts'
import { memoryTable } from './memory-table.ts'
import { seededRandom } from './random.ts'
import { sandbox } from './sandbox.ts'
import { tenantId, tenantSecrets } from './tenants.ts'
import { lifeMs } from './traffic.ts'
import { virtualVendor } from './vendor.ts'
import { noReads, tableView } from './views.ts'

/** Each sandbox gets a request in every minute, at a moment of its own. */
const REQUEST_EVERY_MS = 60_000
/** Until every sandbox of the beginning, when all memories are empty, has been replaced. */
const LEAD_MINUTES = 60

export interface Fleet {
  readonly sandboxes: number
  readonly hasStore: boolean
  /** Hours that are measured, after an hour that is not. Default 4. */
  readonly hours?: number
  /** All requests come in the same moment of a minute: the worst that there is. Default each sandbox has its own. */
  readonly isInStep?: boolean
  /** Off to see what leases save. Default true. */
  readonly hasLeases?: boolean
}

export interface FleetFigures {
  readonly sandboxes: number
  readonly hasStore: boolean
  readonly fetchesPerMinute: number
  readonly busiestMinute: number
  /** Fetches by tokens stored, the first hour included: 1 when nothing is fetched in vain. Not without the store. */
  readonly fetchesPerPeriod?: number
}

/** The schedule is not at work here: requests alone renew the token, so all sandboxes reach for it at the same time. */
export const simulateFleet = async (fleet: Fleet): Promise<FleetFigures> => {
  const { sandboxes, hasStore, hours = 4, isInStep = false, hasLeases = true } = fleet
  const clock = virtualClock()
  const vendor = virtualVendor(clock)
  const { source } = tenantSecrets(clock, 1)
  const books = ledger()
  const table = tableView({ clock, memory: memoryTable(), ledger: books }, noReads())
  const outbound = vendor.outboundFor(() => undefined)
  const common = {
    clock,
    table: hasLeases ? table : withoutLeases(table),
    source,
    outbound,
    hasStore,
    log: () => undefined,
  }
  const endsAt = (LEAD_MINUTES + hours * 60) * 60_000

  const live = async (seed: number): Promise<void> => {
    const random = seededRandom(seed)
    const phase = isInStep ? 0 : REQUEST_EVERY_MS * random()
    const nextTurn = () =>
      clock.pause(REQUEST_EVERY_MS - ((clock.elapsed() + REQUEST_EVERY_MS - phase) % REQUEST_EVERY_MS))
    await nextTurn()
    // The first of a place has lived for a while, so that places are not emptied all at once.
    for (let share = random(); clock.elapsed() < endsAt; share = 1) {
      const { token } = sandbox({ ...common, random })
      const diesAt = Math.min(endsAt, clock.elapsed() + lifeMs(random) * share)
      while (clock.elapsed() < diesAt) {
        await token('cec', tenantId(0), clock.deadline(9_500))
        await nextTurn()
      }
    }
  }
  for (let place = 0; place < sandboxes; place++) clock.start(() => live(place))
  await clock.run(endsAt)

  const measured = Array.from(
    { length: hours * 60 },
    (_, minute) => vendor.callsPerMinute().get(LEAD_MINUTES + minute) ?? 0,
  )
  const fetches = measured.reduce((sum, count) => sum + count, 0)
  return {
    sandboxes,
    hasStore,
    fetchesPerMinute: fetches / measured.length,
    busiestMinute: Math.max(...measured),
    ...(hasStore && { fetchesPerPeriod: vendor.calls() / books.close(clock.now().getTime(), 0).periods }),
  }
}
