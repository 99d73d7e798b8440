/** Service tokens: they belong to a tenant's system rather than to a user. One is fetched, and shared by everybody. */

import type { Deadline } from '../concurrency/deadline.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { FetchMode } from '../table/fetch-mode.ts'
import type { Life, Overlap } from './freshness.ts'
import type { Keyring } from './seal.ts'

export interface ServiceToken extends Life {
  readonly token: string
}

/** A vendor's name in the table. Which vendors have service tokens, their profiles in lib/vendors say. */
export type ServiceSystem = string

/** Everything that changes which token it is. */
export interface TokenSubject {
  readonly system: ServiceSystem
  readonly tenantSpaceId: string
  /** Stands for endpoint, key and secret. Never stored as it is. */
  readonly fingerprint: string
  /** Other settings that change the answer, such as the life that is asked for. */
  readonly variant: readonly string[]
  readonly overlap: Overlap
}

/**
 * The provider of a token: asks the vendor, with its circuit breaker inside. Ends by itself within the deadline.
 * Throws the UPSTREAM_… codes, and TOKEN_STORE_UNAVAILABLE where it must not ask without a lease.
 */
export type Fetch = (deadline: Deadline, mode?: FetchMode) => Promise<ServiceToken>

/** Which token is wanted, who provides it, and how long whoever asks can wait. */
export interface TokenRequest {
  readonly subject: TokenSubject
  readonly fetch: Fetch
  readonly deadline: Deadline
}

/** The item's key. Begins with the system, so that a policy can give each function its own vendor's items. */
export const tokenKey = (
  { system, tenantSpaceId, fingerprint, variant }: TokenSubject,
  { keyed }: Pick<Keyring, 'keyed'>,
): string => lengthPrefixed(system, 'token', tenantSpaceId, keyed(fingerprint), ...variant)

/** Whole seconds that are left of a token; at least 0, at most its life. What is left is told, never what was issued. */
export const secondsLeft = ({ issuedAt, expiresAt }: ServiceToken, now: Date): number =>
  Math.max(0, Math.floor((expiresAt - Math.max(now.getTime(), issuedAt)) / 1000))
