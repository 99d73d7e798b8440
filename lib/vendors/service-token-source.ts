/** Where a service token comes from, and how a request or the schedule gets hold of one. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Fetch, MachineToken as ServiceToken, TokenSubject } from '../token-cache/machine-token.ts'
import type { MachineTokens as TokenCache } from '../token-cache/machine-tokens.ts'
import type { Wanted } from '../token-cache/shared-tokens.ts'
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

export const subjectOf = <Settings extends ServiceTokenSettings>(
  source: ServiceTokenSource<Settings>,
  { tenantSpaceId, settings, fingerprint }: Attempt<Settings>,
): TokenSubject => ({
  system: source.system,
  tenantSpaceId,
  fingerprint,
  variant: source.variant(settings),
  overlap: settings.overlap,
})

/** A fetch that shows the credentials only while nothing stands in the way. */
export const fetchOf =
  <Settings extends ServiceTokenSettings>(
    source: ServiceTokenSource<Settings>,
    attempt: Attempt<Settings>,
  ): Fetch =>
  (deadline, mode) =>
    attempt.guard(() => source.fetch(attempt, deadline), mode)

/** The service tokens of one vendor, for its routes. */
export const serviceTokens = <Settings extends ServiceTokenSettings>(
  source: ServiceTokenSource<Settings>,
  cache: TokenCache,
) => ({
  get: (attempt: Attempt<Settings>): Promise<ServiceToken> =>
    cache.get(subjectOf(source, attempt), fetchOf(source, attempt), attempt.deadline),
  replace: (
    attempt: Attempt<Settings>,
    refused: ServiceToken,
    wanted: Omit<Wanted, 'isGood'>,
  ): Promise<ServiceToken | undefined> =>
    cache.replace(subjectOf(source, attempt), refused, fetchOf(source, attempt), attempt.deadline, wanted),
})

/** Least time between two renewals of a token that may have been refused for another reason than its age. */
const FORCED_MS = 60_000

/** A renewal by force: at most one per token and minute in all sandboxes, and none while the table is unreadable. */
export const byForce = (now: () => Date): Omit<Wanted, 'isGood'> => ({
  isForced: true,
  // A clock that was set back must not stretch the minute.
  mayFetch: (forcedAt) => forcedAt !== undefined && Math.abs(now().getTime() - forcedAt) >= FORCED_MS,
})
