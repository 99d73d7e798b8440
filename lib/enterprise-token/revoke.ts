/** Revocation of enterprise tokens. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { DirectoryKeeper } from '../directory/directory.ts'
import { lastTokenEnds } from '../jwt/last-token.ts'

export interface RevocationDeps {
  readonly directory: Pick<DirectoryKeeper, 'revokeUser' | 'revokeAgent' | 'revokeTenant' | 'revokeToken'>
  readonly now: () => Date
}

/** Exactly one of userId, userAccount, jti and all, as the schema has checked. */
export interface Revocation {
  readonly tenantSpaceId: string
  readonly userId?: string | undefined
  readonly userAccount?: string | undefined
  readonly jti?: string | undefined
  readonly all?: true | undefined
}

/**
 * Ends tokens, in force in every sandbox within a second: validations read the directory consistently and remember
 * an answer for half a second. A jti need not be known. Throws USER_UNKNOWN and what the directory throws.
 */
export const revocations =
  ({ directory, now }: RevocationDeps) =>
  async ({ tenantSpaceId, userId, userAccount, jti }: Revocation, deadline: Deadline): Promise<void> => {
    if (userId !== undefined) return directory.revokeUser({ tenantSpaceId, userId }, deadline)
    if (userAccount !== undefined) return directory.revokeAgent({ tenantSpaceId, userAccount }, deadline)
    if (jti === undefined) return directory.revokeTenant(tenantSpaceId, deadline)
    return directory.revokeToken({ tenantSpaceId, jti, keepUntil: lastTokenEnds(now()) }, deadline)
  }
