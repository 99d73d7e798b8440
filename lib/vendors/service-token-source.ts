/** Where a service token comes from, and how a request or the schedule gets hold of one. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Wanted } from '../token-cache/look.ts'
import type { ServiceToken, TokenRequest } from '../token-cache/service-token.ts'
import type { TokenCache } from '../token-cache/token-cache.ts'
import type { RefreshedVendor, ServiceTokenDeps, ServiceTokenSettings, Tenant } from './profile.ts'
import { type Attempt, type VendorContext, type VendorContextDeps, vendorContext } from './vendor-context.ts'

export interface ServiceTokenSource<Settings extends ServiceTokenSettings> {
  readonly system: string
  readonly credentials: VendorContext<Settings>
  variant(settings: Settings): readonly string[]
  fetch(tenant: Tenant<Settings>, deadline: Deadline): Promise<ServiceToken>
}

export const serviceTokenSource = <Settings extends ServiceTokenSettings>(
  deps: VendorContextDeps & ServiceTokenDeps,
  profile: RefreshedVendor<Settings>,
): ServiceTokenSource<Settings> => {
  const { system, serviceToken } = profile
  return {
    system,
    credentials: vendorContext(deps, profile),
    variant: (settings) => serviceToken.variant(settings),
    fetch: (tenant, deadline) => serviceToken.fetch(deps, tenant, deadline),
  }
}

/** The token of a tenant. The fetch shows the credentials only while nothing stands in the way. */
export const requestOf = <Settings extends ServiceTokenSettings>(
  source: ServiceTokenSource<Settings>,
  attempt: Attempt<Settings>,
): TokenRequest => {
  const { tenantSpaceId, settings, fingerprint, guard, deadline } = attempt
  return {
    subject: {
      system: source.system,
      tenantSpaceId,
      fingerprint,
      variant: source.variant(settings),
      overlap: settings.overlap,
    },
    fetch: (within, mode) => guard(() => source.fetch(attempt, within), mode),
    deadline,
  }
}

/** The service tokens of one vendor, for its routes. */
export const serviceTokens = <Settings extends ServiceTokenSettings>(
  source: ServiceTokenSource<Settings>,
  cache: TokenCache,
) => ({
  get: (attempt: Attempt<Settings>): Promise<ServiceToken> => cache.get(requestOf(source, attempt)),
  replace: (
    attempt: Attempt<Settings>,
    refused: ServiceToken,
    wanted: Omit<Wanted, 'isGood'>,
  ): Promise<ServiceToken | undefined> => cache.replace(requestOf(source, attempt), refused, wanted),
})

/** Least time between two renewals of a token that may have been refused for another reason than its age. */
const FORCED_MS = 60_000

/** A renewal by force: at most one per token and minute in all sandboxes, and none while the table is unreadable. */
export const byForce = (now: () => Date): Omit<Wanted, 'isGood'> => ({
  isForced: true,
  // A clock that was set back must not stretch the minute.
  mayFetch: (forcedAt) => forcedAt !== undefined && Math.abs(now().getTime() - forcedAt) >= FORCED_MS,
})
