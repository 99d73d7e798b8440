/** Runs a case on new tenants and sandboxes that have just started, and judges what was seen of it. */

import { type Evidence, faultsOf, type Row } from './judge.ts'
import type { CallReport, Order } from './protocol.ts'
import type { Sandbox } from './sandboxes.ts'
import type { MachineSystem } from './vendor-gate.ts'
import type { ChaosWorld, Runs } from './world.ts'

export interface Scene {
  readonly world: ChaosWorld
  readonly system: MachineSystem
  readonly tenants: readonly string[]
  /** Starts calls in all sandboxes, or in some, for these tenants. Everything that it hears is judged. */
  readonly start: (order: Partial<Order>, of?: readonly Sandbox[]) => Runs
  /** The same, until all have ended. */
  readonly run: (order: Partial<Order>, of?: readonly Sandbox[]) => Promise<readonly CallReport[]>
  /** Calls for a token at the vendor up to now, of the tenant that had the most. */
  readonly fetches: () => number
  /** Tokens that the vendor has issued, of the tenant that had the most. */
  readonly issued: () => number
}

export interface Case {
  readonly name: string
  readonly system: MachineSystem
  readonly bound: number
  /** Default two, so that one could get the other's token. */
  readonly tenants?: number
  /** What is bounded, where that is not all calls for a token. */
  readonly counted?: (scene: Scene) => number
  readonly play: (scene: Scene) => Promise<void>
}

const HANDLERS = { oiap: 'appCubeToken', cec: 'applyToken' } as const

export const playCase = async (world: ChaosWorld, one: Case): Promise<Row> => {
  const { name, system, bound, play, tenants: tenantCount = 2 } = one
  const tenants = world.newTenants(tenantCount)
  const emulator = system === 'oiap' ? world.vendors.oiap : world.vendors.cec
  const emulatorCalls = () => emulator.calls(system === 'oiap' ? 'getAppCubeToken' : 'tokenByAkSk')
  const heardBefore = { emulators: emulatorCalls(), gate: world.gate.fetches(system) }
  const bearersBefore = world.gate.bearers.length
  const calls: CallReport[] = []
  const most = (of: (tenant: string) => number): number => Math.max(...tenants.map(of))
  const own = () => world.gate.issued.filter(({ tenantSpaceId }) => tenants.includes(tenantSpaceId))

  const start: Scene['start'] = (order, of) => {
    const runs = world.runAll({ handler: HANDLERS[system], tenants, calls: 50, ...order }, of)
    runs.done.then(
      (reports) => calls.push(...reports),
      () => undefined,
    )
    return runs
  }
  const scene: Scene = {
    world,
    system,
    tenants,
    start,
    run: (order, of) => start(order, of).done,
    fetches: () => most((tenant) => world.gate.fetches(system, tenant)),
    issued: () => most((tenant) => own().filter(({ tenantSpaceId }) => tenantSpaceId === tenant).length),
  }

  await world.renew()
  await world.spread()
  try {
    await play(scene)
  } finally {
    world.gate.open()
    world.dynamoDb.clearFaults()
    world.vendors.cec.clearFaults()
    world.vendors.oiap.clearFaults()
  }
  const evidence: Evidence = {
    calls,
    issued: own(),
    bearers: world.gate.bearers.slice(bearersBefore),
    counted: (one.counted ?? (({ fetches }: Scene) => fetches()))(scene),
    heard: {
      emulators: emulatorCalls() - heardBefore.emulators,
      gate: world.gate.fetches(system) - heardBefore.gate,
    },
    vendorTimeAt: world.vendorTimeAt,
  }
  const row = { name, bound, evidence, faults: faultsOf(bound, evidence) }
  console.log(`${name}: ${evidence.counted} of at most ${bound}, ${calls.length} requests`)
  return row
}

/** How often each status came. */
export const statuses = (calls: readonly CallReport[]): Record<string, number> =>
  count(calls, ({ status }) => status)
export const codes = (calls: readonly CallReport[]): Record<string, number> =>
  count(calls, ({ code }) => code)

const count = (
  calls: readonly CallReport[],
  by: (call: CallReport) => string | number,
): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const call of calls) counts[by(call)] = (counts[by(call)] ?? 0) + 1
  return counts
}

/** The different tokens that were answered, by their SHA-256. */
export const tokensOf = (calls: readonly CallReport[]): readonly string[] => [
  ...new Set(calls.flatMap(({ token }) => (token === undefined ? [] : [token]))),
]
