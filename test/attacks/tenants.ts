/** Tenant ids that are more than an id, or nobody's: they become names of secrets. */

import { TENANT } from '../support/world.ts'
import { type Attack, onEach, withBody, withHeaders } from './attack.ts'
import { BOUND, NAMING } from './routes.ts'
import { OTHER_TENANT, PROTOTYPE_NAMES } from './world.ts'

const THEME = 'tenants'

/** Not of the form of a tenant id. */
const TRICKS: readonly (readonly [string, string])[] = [
  ['one level up', '..'],
  ['a way up', `../${TENANT}`],
  ['a way up and down', `${TENANT}/../${OTHER_TENANT}`],
  ['a path', `${TENANT}/cec`],
  ['the path of another secret', '../../test/callers'],
  ['a backslash', `${TENANT}\\cec`],
  ['a pattern', '*'],
  ['a pattern behind', `${TENANT.slice(0, -1)}?`],
  ['percent-encoded', '%2e%2e%2f'],
  ['percent-encoded digits', `%32${TENANT.slice(1)}`],
  ['two by a comma', `${TENANT},${OTHER_TENANT}`],
  ['a blank behind', `${TENANT} `],
  ['NUL behind', `${TENANT}\0`],
  ['a line break behind', `${TENANT}\n`],
  ['full-width digits', TENANT.replace('2', '\uff12')],
  ['an ARN', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x'],
  ['65 characters', '2'.repeat(65)],
  ['an address', 'http://169.254.169.254/latest/meta-data/'],
]

/** Of the form of a tenant id, and nobody's. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ...PROTOTYPE_NAMES.map((name) => [name, name] as const),
  ['another tenant', OTHER_TENANT],
  ['a tenant that does not exist', '000000000000'],
  ['a prefix of the own one', TENANT.slice(0, -1)],
  ['one letter more than the own one', `${TENANT}0`],
  ['the name of a secret', 'callers'],
]

const inBody =
  (tenantSpaceId: string): Attack['spoil'] =>
  (good) =>
    withBody(good, { tenantSpaceId })
const inHeader =
  (named: string): Attack['spoil'] =>
  (good) =>
    withHeaders(good, { 'x-tenant-space-id': named })

const ids: readonly Attack[] = [
  ...onEach(THEME, NAMING, [
    ...TRICKS.map(([name, id]) => [`tenantSpaceId: ${name}`, 'BODY_INVALID', inBody(id)] as const),
    ...STRANGERS.map(([name, id]) => [`tenantSpaceId: ${name}`, 'TENANT_FORBIDDEN', inBody(id)] as const),
  ]),
  ...onEach(
    THEME,
    BOUND,
    [...TRICKS, ...STRANGERS, ['empty', ''] as const].map(
      ([name, id]) => [`X-Tenant-Space-Id: ${name}`, 'TENANT_FORBIDDEN', inHeader(id)] as const,
    ),
  ),
  ...onEach(
    THEME,
    ['validate', 'validateAgent'],
    [...TRICKS, ...STRANGERS].map(
      ([name, id]) => [`tenantSpaceId: ${name}`, 'TOKEN_TENANT_DIFFERS', inBody(id)] as const,
    ),
  ),
]

const SECOND: ReadonlySet<string> = new Set([
  'poll',
  'queryHistoryChatMessage',
  'doLeaveMessage',
  'getsatisfactionsurveymode',
  'saveSatisfaction',
  'auiAgentToken',
])

/** A caller that the operator really bound to such a tenant: it has no secrets, and one read says so. */
const prototypeTenants: readonly Attack[] = PROTOTYPE_NAMES.flatMap((name) =>
  BOUND.map(
    (route): Attack => ({
      theme: THEME,
      attack: `a caller of the tenant ${name}`,
      route,
      code: 'TENANT_WITHOUT_SYSTEM',
      // They share a sandbox with another that reads the same secret: the second asks nobody.
      ...(SECOND.has(route) ? {} : { calls: { secrets: 1 } }),
      spoil: (good, { keys }) =>
        withHeaders(good, { authorization: `Bearer ${keys.odd}`, 'x-tenant-space-id': name }),
    }),
  ),
)

/** Of a caller whose only grant is the prefix "acme-". */
const BESIDE_PREFIX: readonly (readonly [string, string])[] = [
  ['a tenant that begins otherwise', TENANT],
  ['the prefix without its separator', 'acme'],
  ['a longer name', 'acme2'],
  ['capitals', 'ACME-1'],
  ['a way up behind it', `acme-/../${TENANT}`],
  ['a pattern behind it', 'acme-*'],
]

const besidePrefix: readonly Attack[] = onEach(
  THEME,
  BOUND,
  BESIDE_PREFIX.map(
    ([name, id]) =>
      [
        `a caller of a prefix that names ${name}`,
        'TENANT_FORBIDDEN',
        (good, { keys }) =>
          withHeaders(good, { authorization: `Bearer ${keys.prefixed}`, 'x-tenant-space-id': id }),
      ] as const,
  ),
)

export const tenants: readonly Attack[] = [...ids, ...prototypeTenants, ...besidePrefix]
