/** Just-in-time provisioning: a trusted back end enters its users by asking for their tokens. */

import type { Scope } from '../schemas/callers.ts'

/** The setting DIRECTORY. `table`: users come by `PUT /users` alone. `on-issue`: also with a token that is asked for. */
export type DirectoryMode = 'table' | 'on-issue'

const PROVISIONING_SCOPE: Scope = 'users:vouch'

/**
 * Whether this requester's word enters an unknown user, and renames a known one: the stage must allow it, and the
 * requester have the scope for it. A disabled user is let in by nobody's word.
 */
export const mayProvision = (mode: DirectoryMode, scopes: readonly string[]): boolean =>
  mode === 'on-issue' && scopes.includes(PROVISIONING_SCOPE)
