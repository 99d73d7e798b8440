/** Issuing of access tokens: what lets a page fetch its user's chat and live-message tokens, and chat. */

import type { Deadline } from '../concurrency/deadline.ts'
import { versionOf } from '../directory/directory.ts'
import type { IssueDeps, IssuedToken } from '../enterprise-token/issue.ts'
import { BridgeError } from '../errors.ts'
import { ACCESS_TOKEN_TYPE } from '../jwt/format.ts'
import { signClaims } from '../jwt/sign.ts'
import { type AccessTokenRequest, accessAudience } from '../schemas/access-token.ts'
import { keyAndAdmission } from '../signed-token/may-issue.ts'

/** Who asks, and what the token may not exceed. */
export interface AccessTokenClient {
  readonly callerId: string
  readonly scopes: readonly string[]
  /** Epoch seconds at which the caller's own credential ends. */
  readonly expiresAt: number
  /** Whether an unknown user is entered, and a known one renamed, first. */
  readonly mayVouch: boolean
}

/**
 * Issues an access token (RFC 9068) to a user that the directory knows under that name. It lives for
 * `lifetimeSeconds`, at most 900, and never longer than the caller's own credential; its scopes are the caller's.
 * Does not check for which tenant the caller may. Throws SCOPE_MISSING, and what `enterpriseTokenIssuer` throws.
 */
export const accessTokenIssuer =
  ({ secrets, directory, issuer, lifetimeSeconds, now, newId }: IssueDeps) =>
  async (
    { scopes, ...user }: AccessTokenRequest,
    client: AccessTokenClient,
    deadline: Deadline,
  ): Promise<IssuedToken> => {
    if (!scopes.every((scope) => client.scopes.includes(scope))) {
      throw new BridgeError('SCOPE_MISSING', 'scopes: expected scopes that the caller has itself', {
        detail: { field: 'scopes' },
      })
    }
    const { key, admission } = await keyAndAdmission({ secrets, directory }, user, client.mayVouch, deadline)
    const iat = Math.floor(now().getTime() / 1000)
    const exp = Math.min(iat + lifetimeSeconds, client.expiresAt)
    // The credential was good when this request began, and has ended since.
    if (exp <= iat) throw new BridgeError('CALLER_EXPIRED', 'expected a current credential')
    const jti = newId()
    const claims = {
      iss: issuer,
      aud: accessAudience(issuer),
      sub: user.userId,
      name: user.userName,
      tenantSpaceId: user.tenantSpaceId,
      scope: scopes.join(' '),
      client_id: client.callerId,
      jti,
      ver: versionOf(admission),
      iat,
      exp,
    }
    return {
      token: await signClaims(claims, key, ACCESS_TOKEN_TYPE),
      expiresAt: new Date(exp * 1000),
      lifetimeSeconds: exp - iat,
      jti,
      kid: key.kid,
    }
  }
