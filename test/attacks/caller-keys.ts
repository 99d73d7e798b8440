/** Callers of every kind, and their keys: the `callers` secret of the attacks, and the callers table beside it. */

import { randomBytes } from 'node:crypto'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { itemsOf, judged } from '../../tools/operator/callers/lists.ts'
import type { VendorWorld } from '../support/vendor-world.ts'
import {
  CALLERS_TABLE,
  type CallerSeed,
  callersSecret,
  newCallerKey,
  PREFIX,
  TENANT,
} from '../support/world.ts'
import { OTHER_TENANT, type Providers } from './providers.ts'
import { KEYED, SCOPE_OF } from './routes.ts'

export const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const

const CALLERS = [
  { callerId: 'rival', tenants: [OTHER_TENANT] },
  { callerId: 'agency', tenants: [TENANT, OTHER_TENANT] },
  { callerId: 'odd', tenants: PROTOTYPE_NAMES },
  { callerId: 'prefixed', tenants: [], tenantPrefixes: ['acme-'] },
  { callerId: 'scopeless', scopes: [] },
  { callerId: 'expired', expiresAt: Math.floor(Date.now() / 1000) - 3600 },
] as const satisfies readonly Omit<CallerSeed, 'key'>[]

/** `not-<route>` has every scope but the one of that route. */
type CallerName = (typeof CALLERS)[number]['callerId'] | `not-${(typeof KEYED)[number]}`

export type CallerKeys = Readonly<Record<CallerName | 'unknown', string>>

export const keysOf = (): CallerKeys => {
  const names = [...CALLERS.map(({ callerId }) => callerId), ...KEYED.map((route) => `not-${route}` as const)]
  const made = names.map((name) => [name, newCallerKey(`key of ${name}`)] as const)
  return {
    ...(Object.fromEntries(made) as Record<CallerName, string>),
    unknown: `ctb_${randomBytes(32).toString('base64url')}`,
  }
}

/** With the entries of the identity providers. Callers with something special about them are in the table alone. */
export const putCallers = async (
  { secretsManager, dynamoDb, callerKey }: VendorWorld,
  keys: CallerKeys,
  { issuers }: Providers,
): Promise<void> => {
  const lacking = KEYED.map((route) => ({
    callerId: `not-${route}`,
    key: keys[`not-${route}`],
    scopes: SCOPES.filter((scope) => scope !== SCOPE_OF[route]),
  }))
  const others = CALLERS.map((caller) => ({ scopes: SCOPES, ...caller, key: keys[caller.callerId] }))
  const shop = { callerId: 'shop', key: callerKey, scopes: SCOPES }
  const inSecret = callersSecret([shop, ...lacking], issuers)
  secretsManager.put(`${PREFIX}/callers`, { ...inSecret, table: true })
  const items = itemsOf(judged({ ...callersSecret(others), table: false }))
  await dynamoDb.put(
    CALLERS_TABLE,
    [...items].map(([pk, entries]) => ({ pk, entries })),
  )
}
