/** What a vendor is to all code that serves several: its names, its settings, and the capabilities that it needs. */

import type * as z from 'zod/mini'
import type { BreakerPolicy } from '../circuit-breaker/policy.ts'
import type { Deadline } from '../concurrency/deadline.ts'
import type { Log } from '../log.ts'
import type { Outbound } from '../outbound/outbound.ts'
import type { Overlap } from '../token-cache/freshness.ts'
import type { ServiceToken } from '../token-cache/service-token.ts'

/**
 * A vendor whose tokens are only computed has no more than names and settings: it is shown no credentials, and nothing
 * of it is refreshed. What takes settings is a method, so that profiles of several vendors fit into one list: each only
 * ever gets its own vendor's settings.
 */
export interface VendorProfile<Settings> {
  /** The vendor's name in the secrets' names, the table's items, the log and the commands. Never changed. */
  readonly system: string
  /** The vendor's name in what callers are told. */
  readonly displayName: string
  /** The form of a tenant's settings, which are the secret `<prefix>/tenants/<tenantSpaceId>/<system>`. */
  readonly schema: z.ZodMiniType<Settings>
  /** Of a vendor that is called with a tenant's credentials. */
  readonly credentials?: CredentialRules<Settings>
  /** Of a vendor with a token for the whole tenant. The schedule refreshes it ahead. */
  readonly serviceToken?: ServiceTokenClient<Settings>
}

export interface CredentialRules<Settings> {
  /** What the vendor judges: endpoint, key and secret. Other settings may change without another try. */
  judged(settings: Settings): readonly (string | undefined)[]
  readonly breaker: BreakerPolicy
}

/** What the settings of every vendor with a service token have. */
export interface ServiceTokenSettings {
  readonly overlap: Overlap
  readonly warm: 'always' | 'active' | 'never'
}

export interface ServiceTokenDeps {
  readonly outbound: Outbound
  readonly log: Log
}

export interface ServiceTokenClient<Settings> {
  /** Settings beside what is judged that change the token. */
  variant(settings: Settings): readonly string[]
  /** Asks the vendor. Throws the UPSTREAM_… codes. */
  fetch(deps: ServiceTokenDeps, tenant: Tenant<Settings>, deadline: Deadline): Promise<ServiceToken>
}

export interface Tenant<Settings> {
  readonly tenantSpaceId: string
  readonly settings: Settings
}

export type CalledVendor<Settings> = VendorProfile<Settings> &
  Required<Pick<VendorProfile<Settings>, 'credentials'>>

export type RefreshedVendor<Settings> = CalledVendor<Settings> &
  Required<Pick<VendorProfile<Settings>, 'serviceToken'>>
