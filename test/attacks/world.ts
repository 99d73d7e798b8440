/** The world of the attacks: all routes, two tenants with accounts, callers of every kind, and a clock that stands still. */

import { randomBytes } from 'node:crypto'
import { vi } from 'vitest'
import { revokedTokenKey, userItem } from '../../lib/directory/items.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { goodToken, type RefusalWorld } from '../support/refusals.ts'
import { startVendorWorld, type VendorWorld, watchSecrets } from '../support/vendor-world.ts'
import {
  type CallerSeed,
  callersSecret,
  newCallerKey,
  PREFIX,
  TABLE,
  TENANT,
  USER,
} from '../support/world.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { OTHER_TENANT, type Providers, startProviders } from './providers.ts'
import { type RingKey, startRing } from './ring.ts'
import { KEYED, type RouteName, SCOPE_OF } from './routes.ts'
import { warmUp } from './warm-up.ts'

export { OTHER_TENANT }
/** Its name is spelt with a letter that has two forms. */
export const ZOE = { userId: 'zoe', userName: 'Zo\u00eb' } as const
/** Known, and disabled. */
export const SHUT_OUT = { userId: 'shut-out', userName: 'Eve', status: 'disabled' } as const
export const REVOKED_JTI = 'revoked-revoked-revoked'
export const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const

export interface AttackWorld {
  readonly vendors: VendorWorld
  /** What spoilt tokens are made of. */
  readonly tokens: RefusalWorld
  /** Published: not yet signing, signing no more, and dropped before its time. */
  readonly next: RingKey
  readonly retired: RingKey
  readonly leaked: RingKey
  readonly providers: Providers
  readonly handlers: Readonly<Record<RouteName, HttpHandler>>
  /** Caller keys by what is special about their callers. */
  readonly keys: Readonly<Record<CallerName | 'unknown', string>>
  /** Good credentials of every other kind. */
  readonly credentials: Credentials
  /** Lets a second pass now and then: Live has so many calls in each. */
  readonly tick: (route: RouteName) => void
  readonly elapsedSeconds: () => number
  readonly close: () => Promise<void>
}

const CALLERS = [
  { callerId: 'rival', tenants: [OTHER_TENANT] },
  { callerId: 'agency', tenants: [TENANT, OTHER_TENANT] },
  { callerId: 'odd', tenants: PROTOTYPE_NAMES },
  { callerId: 'scopeless', scopes: [] },
  { callerId: 'expired', expiresAt: Math.floor(Date.now() / 1000) - 3600 },
] as const satisfies readonly Omit<CallerSeed, 'key'>[]

/** `not-<route>` has every scope but the one of that route. */
type CallerName = (typeof CALLERS)[number]['callerId'] | `not-${(typeof KEYED)[number]}`

export const startAttackWorld = async (): Promise<AttackWorld> => {
  // Only the dates: what is counted and refused must not depend on how long a slow machine takes.
  // From the beginning of a minute, so that no window of a limit ends while they run.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - (Date.now() % 60_000) })
  const clock = startClock()
  process.env['ISSUES_PER_USER_AND_MINUTE'] = '6000'
  const vendors = await startVendorWorld({ cec: { pollMs: 1 }, live: { callsPerSecond: 100_000 } })
  const providers = await startProviders()
  const keys = keysOf()
  putCallers(vendors, keys, providers)
  watchSecrets(vendors.vendors.addTenant(OTHER_TENANT))
  for (const tenant of [TENANT, OTHER_TENANT]) {
    for (const system of ['cec', 'oiap'] as const) vendors.putSettings(system, {}, tenant)
    // The other tenant's one user spends its one call at once.
    const callsPerUserAndMinute = tenant === TENANT ? 6000 : 1
    vendors.putSettings('live', { callsPerUserAndMinute, callsPerSecond: 100 }, tenant)
  }
  await vendors.putUser(ZOE)
  await vendors.putUser(SHUT_OUT)
  const keyRing = await startRing(vendors)
  await vendors.dynamoDb.put(TABLE, [
    userItem({ tenantSpaceId: OTHER_TENANT, ...USER, status: 'active', epoch: 0 }),
    { pk: revokedTokenKey(TENANT, REVOKED_JTI), expiresAt: 4_000_000_000 },
  ])
  const handlers = await handlersOf(vendors)
  const world: AttackWorld = {
    vendors,
    providers,
    ...keyRing,
    handlers,
    keys,
    credentials: await credentialsOf(vendors, handlers, providers, goodToken(keyRing.tokens)),
    ...clock,
    close: async () => {
      await Promise.all([vendors.close(), providers.close()])
      vi.useRealTimers()
    },
  }
  await warmUp(world)
  return world
}

/** Two calls of each attack are the most, and an account may have 100 in a second. */
const ATTACKS_PER_SECOND = 40

const startClock = (): Pick<AttackWorld, 'tick' | 'elapsedSeconds'> => {
  const startedAt = Date.now()
  let attacks = 0
  return {
    tick: (route) => {
      if (route !== 'liveMessageToken') return
      attacks += 1
      if (attacks % ATTACKS_PER_SECOND === 0) vi.setSystemTime(Date.now() + 1000)
    },
    elapsedSeconds: () => (Date.now() - startedAt) / 1000,
  }
}

const putCallers = (
  { secretsManager, callerKey }: VendorWorld,
  keys: AttackWorld['keys'],
  { issuers }: Providers,
): void => {
  const lacking = KEYED.map((route) => ({
    callerId: `not-${route}`,
    key: keys[`not-${route}`],
    scopes: SCOPES.filter((scope) => scope !== SCOPE_OF[route]),
  }))
  const others = CALLERS.map((caller) => ({ scopes: SCOPES, ...caller, key: keys[caller.callerId] }))
  const shop = { callerId: 'shop', key: callerKey, scopes: SCOPES }
  secretsManager.put(`${PREFIX}/callers`, callersSecret([shop, ...lacking, ...others], issuers))
}

const keysOf = (): AttackWorld['keys'] => {
  const names = [...CALLERS.map(({ callerId }) => callerId), ...KEYED.map((route) => `not-${route}` as const)]
  const made = names.map((name) => [name, newCallerKey(`key of ${name}`)] as const)
  return {
    ...(Object.fromEntries(made) as Record<CallerName, string>),
    unknown: `ctb_${randomBytes(32).toString('base64url')}`,
  }
}

const handlersOf = async (vendors: VendorWorld): Promise<AttackWorld['handlers']> => {
  const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
  const { issueEnterpriseToken } = await import('../../functions/issue-enterprise-token.ts')
  const { issueAccessToken } = await import('../../functions/issue-access-token.ts')
  const { revokeEnterpriseTokens } = await import('../../functions/revoke-enterprise-tokens.ts')
  const { putUser } = await import('../../functions/put-user.ts')
  const { jwks } = await import('../../functions/jwks.ts')
  const runtime = vendors.runtime()
  const env = { ...process.env, CEC_SOURCE_CIDRS: '203.0.113.0/24, 2001:db8::/32' }
  const chatRelay = await vendors.fresh('chatRelay')
  return {
    validate: validateEnterpriseToken(runtime),
    listedValidate: validateEnterpriseToken(vendors.runtime({ env })),
    jwks: jwks(runtime),
    issue: issueEnterpriseToken(runtime),
    accessToken: issueAccessToken(runtime),
    revoke: revokeEnterpriseTokens(runtime),
    putUser: putUser(runtime),
    applyToken: await vendors.fresh('applyToken'),
    send: chatRelay,
    poll: chatRelay,
    appCubeToken: await vendors.fresh('appCubeToken'),
    liveMessageToken: await vendors.fresh('liveMessageToken'),
  }
}
