/** Tokens that belong to a tenant's system rather than to a user: one is fetched, and shared by everybody. */

import type { Deadline } from '../concurrency/deadline.ts'
import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import type { FetchMode } from '../table/fetch-mode.ts'
import type { Life, Overlap } from './freshness.ts'
import type { Keyring } from './seal.ts'

export interface MachineToken extends Life {
  readonly token: string
}

/** A vendor's name in the table. Which vendors there are, lib/vendors says. */
export type MachineSystem = string

/** Everything that changes which token it is. */
export interface TokenSubject {
  readonly system: MachineSystem
  readonly tenantSpaceId: string
  /** Stands for endpoint, key and secret. Never stored as it is. */
  readonly fingerprint: string
  /** Other settings that change the answer, such as the life that is asked for. */
  readonly variant: readonly string[]
  readonly overlap: Overlap
}

/** Asks the vendor. Ends by itself within the deadline. */
export type Fetch = (deadline: Deadline, mode?: FetchMode) => Promise<MachineToken>

/** The item's key. Begins with the system, so that a policy can give each function its own vendor's items. */
export const tokenKey = (
  { system, tenantSpaceId, fingerprint, variant }: TokenSubject,
  { keyed }: Pick<Keyring, 'keyed'>,
): string => lengthPrefixed(system, 'token', tenantSpaceId, keyed(fingerprint), ...variant)

/** Whole seconds that are left of a token; at least 0, at most its life. What is left is told, never what was issued. */
export const secondsLeft = ({ issuedAt, expiresAt }: MachineToken, now: Date): number =>
  Math.max(0, Math.floor((expiresAt - Math.max(now.getTime(), issuedAt)) / 1000))
