/** Sandboxes with a circuit breaker each, on one table that may be down, and at one moment that a test moves on. */

import { createHash, randomBytes } from 'node:crypto'
import {
  type CircuitBreaker,
  type CircuitBreakerDeps,
  circuitBreaker,
} from '../../../lib/circuit-breaker/circuit-breaker.ts'
import type { Account } from '../../../lib/circuit-breaker/policy.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { UpstreamFailure } from '../../../lib/outbound/failures.ts'
import type { Table } from '../../../lib/table/table.ts'
import { keyring } from '../../../lib/token-cache/seal.ts'
import { VENDORS, type VendorSystem } from '../../../lib/vendors/registry.ts'
import { type MemoryTable, memoryTable } from '../../../tools/bench/simulate/memory-table.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const ring = keyring({ key: secret('token store key', newTokenStoreKey()) })
export const fingerprint = secret('fingerprint', createHash('sha256').update(randomBytes(20)).digest('hex'))
export const deadline = { remainingMs: () => 5_000 }
export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
/** When every test begins. */
const START = Date.parse('2026-09-21T12:00:00Z')

const POLICIES = new Map(VENDORS.map(({ system, credentials }) => [system, credentials.breaker]))

/** Credentials under the vendor's own policy. */
export const account = (system: VendorSystem, changes: Partial<Account> = {}): Account => ({
  system,
  policy: POLICIES.get(system) as Account['policy'],
  tenantSpaceId: 't1',
  fingerprint,
  ...changes,
})
export const CEC = account('cec')
export const OIAP = account('oiap')

export interface BreakerWorld {
  /** Epoch milliseconds. */
  at: number
  isDown: boolean
  readonly table: MemoryTable
  readonly sandbox: (changes?: Partial<CircuitBreakerDeps>) => CircuitBreaker
}

export const breakerWorld = (): BreakerWorld => {
  const table = memoryTable()
  const unlessDown =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (world.isDown)
        throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
      return call(...args)
    }
  const { get, change, remove } = table
  const flaky: Table = {
    ...table,
    get: unlessDown(get),
    change: unlessDown(change),
    remove: unlessDown(remove),
  }
  const world: BreakerWorld = {
    at: START,
    isDown: false,
    table,
    sandbox: (changes = {}) =>
      circuitBreaker({
        table: flaky,
        keyed: async (of) => ring.keyed(of),
        now: () => new Date(world.at),
        random: () => 0.5,
        pause: async () => undefined,
        ...changes,
      }),
  }
  return world
}

export const credential = new UpstreamFailure('credential', {
  upstreamStatus: 200,
  upstreamCode: '200800002',
})
const unclear = new UpstreamFailure('refused-unclear', { upstreamStatus: 403 })
export const refuse = (by: CircuitBreaker, of = CEC) => by.recordFailure(of, credential, deadline)
export const backOff = (by: CircuitBreaker, of = CEC) => by.recordFailure(of, unclear, deadline)
/** A try that begins and succeeds in one moment. */
export const succeed = (by: CircuitBreaker, of = CEC) => by.recordSuccess(by.begin(of), deadline)
export const check = (by: CircuitBreaker, of = CEC) => by.check(of, deadline)
/** How many of these are let through to try. */
export const probers = async (all: readonly CircuitBreaker[], of = CEC): Promise<number> =>
  (await Promise.all(all.map((by) => check(by, of)))).filter((failure) => failure === undefined).length
