/** Issuing of access tokens: what lets a page fetch its user's chat and live-message tokens, and chat. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import { ACCESS_TOKEN_TYPE } from '../jwt/format.ts'
import { type AccessTokenRequest, accessAudience } from '../schemas/access-token.ts'
import { type IssueDeps, type IssuedToken, signedTokenIssuer } from '../signed-token/issue.ts'
import type { Requester } from '../signed-token/may-issue.ts'

/** Who asks, and what the token may not exceed. */
export interface AccessTokenClient extends Requester {
  readonly callerId: string
  /** Epoch seconds at which the caller's own credential ends. */
  readonly expiresAt: number
}

/**
 * Issues an access token (RFC 9068) to a user that the directory knows under that name. It lives for
 * `lifetimeSeconds`, at most 900, and never longer than the caller's own credential; its scopes are the caller's.
 * Does not check for which tenant the caller may. Throws SCOPE_MISSING, CALLER_EXPIRED, and what
 * `enterpriseTokenIssuer` throws.
 */
export const accessTokenIssuer = (deps: IssueDeps) => {
  const issue = signedTokenIssuer(deps, ACCESS_TOKEN_TYPE)
  return async (
    { scopes, rtcChannelIds, ...user }: AccessTokenRequest,
    client: AccessTokenClient,
    deadline: Deadline,
  ): Promise<IssuedToken> => {
    if (!scopes.every((scope) => client.scopes.includes(scope))) {
      throw new BridgeError('SCOPE_MISSING', 'scopes: expected scopes that the caller has itself', {
        detail: { field: 'scopes' },
      })
    }
    const ownClaims = {
      tenantSpaceId: user.tenantSpaceId,
      scope: scopes.join(' '),
      client_id: client.callerId,
      ...(rtcChannelIds === undefined ? {} : { rtcChannelIds }),
    }
    const audience = accessAudience(deps.issuer)
    return issue({ user, audience, ownClaims, endsBy: client.expiresAt, requester: client }, deadline)
  }
}
