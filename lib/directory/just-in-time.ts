/** Just-in-time provisioning: a trusted back end enters its users by asking for their tokens. */

import type { Scope } from '../schemas/callers.ts'
import type { KnownUser } from './directory.ts'

/** The setting DIRECTORY. `table`: users come by `PUT /users` alone. `on-issue`: also with a token that is asked for. */
export type DirectoryMode = 'table' | 'on-issue'

const PROVISIONING_SCOPE: Scope = 'users:vouch'

/**
 * Whether this requester's word enters an unknown user, and renames a known one: the stage must allow it, and the
 * requester have the scope for it. A disabled user is let in by nobody's word.
 */
export const mayProvision = (mode: DirectoryMode, scopes: readonly string[]): boolean =>
  mode === 'on-issue' && scopes.includes(PROVISIONING_SCOPE)

const DAY_SECONDS = 86_400

/**
 * When a just-in-time user may be swept who has a token issued at this moment, in epoch seconds: a day more than the setting's days,
 * so that this is written at most once a day. Undefined for 0 days: never.
 */
export const keptUntil = (days: number, at: number): number | undefined =>
  days === 0 ? undefined : at + (days + 1) * DAY_SECONDS

/**
 * Whether a user's end must be written anew: it comes sooner than the setting says, or later since the setting was lowered, or there is
 * one and should be none.
 */
export const isEndDue = (
  { justInTime = false, expiresAt }: Pick<KnownUser, 'justInTime' | 'expiresAt'>,
  days: number,
  at: number,
): boolean => {
  if (!justInTime) return false
  if (days === 0 || expiresAt === undefined) return (days === 0) !== (expiresAt === undefined)
  // A day more than `keptUntil` gives: the clock of another sandbox may be ahead.
  return expiresAt < at + days * DAY_SECONDS || expiresAt > at + (days + 2) * DAY_SECONDS
}
