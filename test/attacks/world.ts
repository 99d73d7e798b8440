/** The world of the attacks: all routes, two tenants with accounts, callers of every kind, and a clock that stands still. */

import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import { vi } from 'vitest'
import { revokedTokenKey, userItem } from '../../lib/directory/items.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { foreignKey, privateKeyOf } from '../support/mint.ts'
import { goodToken, type RefusalWorld } from '../support/refusals.ts'
import { startVendorWorld, type VendorWorld, watchSecrets } from '../support/vendor-world.ts'
import {
  type CallerSeed,
  call,
  callersSecret,
  ISSUER,
  newCallerKey,
  PREFIX,
  TABLE,
  TENANT,
  USER,
} from '../support/world.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { KEYED, type RouteName, routeOf, SCOPE_OF } from './routes.ts'

export const OTHER_TENANT = '202007159032'
/** Its name is spelt with a letter that has two forms. */
export const ZOE = { userId: 'zoe', userName: 'Zo\u00eb' } as const
export const REVOKED_JTI = 'revoked-revoked-revoked'
export const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const

export interface AttackWorld {
  readonly vendors: VendorWorld
  /** What spoilt tokens are made of. */
  readonly tokens: RefusalWorld
  /** Published, and not yet signing. */
  readonly next: { readonly kid: string; readonly key: KeyObject }
  readonly handlers: Readonly<Record<RouteName, HttpHandler>>
  /** Caller keys by what is special about their callers. */
  readonly keys: Readonly<Record<CallerName | 'unknown', string>>
  /** Good credentials of every other kind. */
  readonly credentials: Credentials
  readonly close: () => Promise<void>
}

const CALLERS = [
  { callerId: 'rival', tenants: [OTHER_TENANT] },
  { callerId: 'agency', tenants: [TENANT, OTHER_TENANT] },
  { callerId: 'odd', tenants: PROTOTYPE_NAMES },
  { callerId: 'scopeless', scopes: [] },
  { callerId: 'expired', expiresAt: Math.floor(Date.now() / 1000) - 1 },
] as const satisfies readonly Omit<CallerSeed, 'key'>[]

/** `not-<route>` has every scope but the one of that route. */
type CallerName = (typeof CALLERS)[number]['callerId'] | `not-${(typeof KEYED)[number]}`

export const startAttackWorld = async (): Promise<AttackWorld> => {
  // Only the dates: what is counted and refused must not depend on how long a slow machine takes.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  const vendors = await startVendorWorld({ cec: { pollMs: 1 }, live: { callsPerSecond: 100_000 } })
  const keys = keysOf()
  vendors.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([
      { callerId: 'shop', key: vendors.callerKey, scopes: SCOPES },
      ...KEYED.map((route) => ({
        callerId: `not-${route}`,
        key: keys[`not-${route}`],
        scopes: SCOPES.filter((scope) => scope !== SCOPE_OF[route]),
      })),
      ...CALLERS.map((caller) => ({ scopes: SCOPES, ...caller, key: keys[caller.callerId] })),
    ]),
  )
  watchSecrets(vendors.vendors.addTenant(OTHER_TENANT))
  for (const system of ['cec', 'oiap', 'live'] as const) vendors.putSettings(system, {}, OTHER_TENANT)
  await vendors.putUser(ZOE)
  await vendors.dynamoDb.put(TABLE, [
    userItem({ tenantSpaceId: OTHER_TENANT, ...USER, status: 'active', epoch: 0 }),
    { pk: revokedTokenKey(TENANT, REVOKED_JTI), expiresAt: 4_000_000_000 },
  ])
  const [active, next] = vendors.ring.signingKey.keys
  if (active?.state !== 'active' || next === undefined) throw new TypeError('the ring has another order')
  const trueKey = privateKeyOf(active)
  const publicText = createPublicKey(trueKey).export({ format: 'jwk' }).x ?? ''
  const tokens = { kid: active.kid, trueKey, foreignKey: foreignKey(), publicText, issuer: ISSUER }
  const handlers = await handlersOf(vendors)
  const world: AttackWorld = {
    vendors,
    tokens,
    next: { kid: next.kid, key: privateKeyOf(next) },
    handlers,
    keys,
    credentials: await credentialsOf(vendors, handlers, goodToken(tokens)),
    close: async () => {
      await vendors.close()
      vi.useRealTimers()
    },
  }
  await warmUp(world)
  return world
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
    revoke: revokeEnterpriseTokens(runtime),
    putUser: putUser(runtime),
    applyToken: await vendors.fresh('applyToken'),
    send: chatRelay,
    poll: chatRelay,
    appCubeToken: await vendors.fresh('appCubeToken'),
    liveMessageToken: await vendors.fresh('liveMessageToken'),
  }
}

/** Every sandbox has its secrets and machine tokens, and has spent what may be asked again once in a while. */
const warmUp = async (world: AttackWorld): Promise<void> => {
  const { vendors, handlers, keys } = world
  for (const name of Object.keys(handlers) as RouteName[]) {
    await call(vendors, handlers[name], routeOf(name).good(world))
  }
  const unknown = {
    body: { ...(routeOf('validate').good(world).body as object), Token: `e30.e30.${'A'.repeat(86)}` },
  }
  for (const name of ['validate', 'listedValidate'] as const) await call(vendors, handlers[name], unknown)
  for (const key of [vendors.callerKey, keys.rival]) {
    const headers = { authorization: `Bearer ${key}`, 'ccmessaging-token': 'dead' }
    await call(vendors, handlers.send, { ...routeOf('send').good(world), headers })
  }
  const headers = { authorization: `Bearer ${keys.rival}` }
  for (const name of ['appCubeToken', 'liveMessageToken'] as const) {
    await call(vendors, handlers[name], { ...routeOf(name).good(world), headers })
  }
}
