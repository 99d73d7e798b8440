/** One sandbox: the real parts as lib/vendors/connection.ts puts them together, on the virtual clock. */

import { circuitBreaker } from '../../../lib/circuit-breaker/circuit-breaker.ts'
import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import type { Log } from '../../../lib/log.ts'
import type { Outbound } from '../../../lib/outbound/outbound.ts'
import { TOKEN_STORE_KEY } from '../../../lib/secrets/definitions.ts'
import { secretReader } from '../../../lib/secrets/reader.ts'
import type { SecretSource } from '../../../lib/secrets/source.ts'
import type { Table } from '../../../lib/table/table.ts'
import { type Keyring, keyring } from '../../../lib/token-cache/seal.ts'
import type { ServiceToken } from '../../../lib/token-cache/service-token.ts'
import { type SharedTokens, sharedTokens } from '../../../lib/token-cache/shared-tokens.ts'
import { tokenCache } from '../../../lib/token-cache/token-cache.ts'
import { REFRESHED_VENDORS } from '../../../lib/vendors/registry.ts'
import { serviceTokenSource, serviceTokens } from '../../../lib/vendors/service-token-source.ts'
import type { Clock } from './clock.ts'
import { PREFIX } from './tenants.ts'

export interface SandboxDeps {
  readonly clock: Clock
  readonly table: Table
  readonly source: SecretSource
  readonly outbound: Outbound
  readonly random: () => number
  readonly log: Log
  /** Hears of each wait for another's fetch. */
  readonly onWait?: () => void
  /** Whether tokens are shared with other sandboxes at all. Default true. */
  readonly hasStore?: boolean
}

let ids = 0

export const sandbox = (deps: SandboxDeps) => {
  const { clock, table, random, log, outbound, onWait = () => undefined, hasStore = true } = deps
  const { now } = clock
  const secrets = secretReader({ source: deps.source, prefix: PREFIX, now, random, log })
  const ring = async (deadline: Deadline): Promise<Keyring> =>
    timeless(keyring((await secrets.read(TOKEN_STORE_KEY, { deadline })).value), clock)
  const keyed = async (fingerprint: string, deadline: Deadline) => (await ring(deadline)).keyed(fingerprint)
  const pause = (ms: number): Promise<void> => {
    onWait()
    return clock.pause(ms)
  }
  const newId = (): string => `id-${ids++}`
  const cacheDeps = { table, keyring: ring, now, random, newId, pause, log }
  const stored = sharedTokens(cacheDeps)
  const breaker = circuitBreaker({ table, keyed, now, random, pause })
  const sources = REFRESHED_VENDORS.map((vendor) =>
    serviceTokenSource({ secrets, breaker, outbound, log }, vendor),
  )
  const tokens = tokenCache(cacheDeps, hasStore ? stored : unshared(stored))
  const routes = new Map(
    sources.map((source) => [source.system, { ...serviceTokens(source, tokens), ...source }]),
  )

  return {
    table,
    tokens,
    sources,
    /** What a route does before it calls the vendor for a user: reads the tenant's settings and takes its token. */
    token: (system: string, tenant: string, deadline: Deadline): Promise<ServiceToken> => {
      const route = routes.get(system)
      if (route === undefined) throw new TypeError('expected a system with service tokens')
      return route.credentials(tenant, route.get, deadline)
    },
  }
}

export type Sandbox = ReturnType<typeof sandbox>

/** Sealing is done by threads, which know nothing of virtual time. */
const timeless = (ring: Keyring, clock: Clock): Keyring => ({
  keyed: ring.keyed,
  seal: (pk, token) => clock.held(ring.seal(pk, token)),
  open: (pk, sealed) => clock.held(ring.open(pk, sealed)),
})

/** As it is without a shared store: what a sandbox does not have in its own memory, it fetches. */
const unshared = (stored: SharedTokens): SharedTokens => ({
  ...stored,
  get: ({ fetch, deadline }) => fetch(deadline),
  renew: ({ fetch, deadline }) => fetch(deadline),
  replace: ({ fetch, deadline }) => fetch(deadline),
})
