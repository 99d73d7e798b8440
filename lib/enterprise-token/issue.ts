/** Issuing of enterprise tokens. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Subject } from '../directory/directory.ts'
import { TOKEN_TYPE } from '../jwt/format.ts'
import { AUDIENCE_PREFIX } from '../schemas/enterprise-token.ts'
import { type IssueDeps, type IssuedToken, signedTokenIssuer } from '../signed-token/issue.ts'
import type { Requester } from '../signed-token/may-issue.ts'

/**
 * Issues a token of at most 3600 s for one user of one tenant, whom the directory knows under that name. Checks neither who asks
 * nor for which tenant they may: that is the caller's part. Throws USER_UNKNOWN, RATE_EXCEEDED, USER_NAME_DIFFERS,
 * USER_DISABLED, KEYS_NOT_INITIALISED, KEY_REVOKED, and what secrets and directory throw.
 */
export const enterpriseTokenIssuer = (deps: IssueDeps) => {
  const issue = signedTokenIssuer(deps, TOKEN_TYPE)
  return (
    user: Subject & { readonly userName: string },
    requester: Requester,
    deadline: Deadline,
  ): Promise<IssuedToken> =>
    issue({ user, audience: AUDIENCE_PREFIX + user.tenantSpaceId, requester }, deadline)
}
