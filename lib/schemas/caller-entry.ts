/** Members that entries of `callers` and `issuers` have in common. */

import * as z from 'zod/mini'
import { TENANT_SPACE_ID, TenantSpaceId } from './ids.ts'
import { judgedText, text } from './setting-types.ts'

const TENANT = 'expected 1 to 64 letters, digits, underscores or hyphens'

export const tenantSpaceId = judgedText(
  TENANT,
  (id) => (TenantSpaceId.safeParse(id).success ? undefined : TENANT),
  { pattern: TENANT_SPACE_ID.source },
)

const PREFIX =
  'expected 2 to 64 letters, digits, underscores or hyphens, with an underscore or hyphen at the end'

/**
 * Every tenant whose id begins so, those that are made later among them. The separator at the end keeps `acme-` from meaning
 * `acme2`; `acme` itself is not meant either.
 */
export const tenantPrefixes = z
  .array(text(/^(?=.*[A-Za-z0-9])[A-Za-z0-9_-]{1,63}[_-]$/, PREFIX), 'expected a list of prefixes of tenants')
  .check(z.maxLength(100, 'expected at most 100 prefixes'))

/** What the log calls this entry. */
export const callerId = text(
  /^[A-Za-z0-9._-]{1,64}$/,
  'expected 1 to 64 letters, digits, dots, underscores or hyphens',
)

/** Scopes that this release does not know are kept: another one may. */
export const scopes = z.array(
  text(/^[a-z:-]{1,64}$/, 'expected a scope such as "enterprise-token:issue"'),
  'expected a list of scopes',
)

/** Whether a prefix grants this tenant. What is named may be anything: it must have the form of a tenant's id. */
export const isPrefixed = (prefixes: readonly string[], tenant: string): boolean =>
  prefixes.some((prefix) => tenant.startsWith(prefix)) && TenantSpaceId.safeParse(tenant).success
