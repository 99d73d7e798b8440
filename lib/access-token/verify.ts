/** Verification of access tokens: the same order and strictness as for enterprise tokens, and neither takes the other. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { SignedToken } from '../enterprise-token/verify.ts'
import { claimsIn } from '../jwt/compact.ts'
import { ACCESS_TOKEN_TYPE, MAX_ACCESS_LIFETIME_SECONDS } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { AccessTokenClaims, accessAudience } from '../schemas/access-token.ts'
import {
  checkAdmission,
  checkExpiry,
  checkOrigin,
  type RingDeps,
  signedByRing,
} from '../signed-token/ring-token.ts'

/** Who holds a good access token, and what it lets them do. */
export interface AccessTokenHolder {
  readonly userId: string
  readonly userName: string
  readonly tenantSpaceId: string
  readonly scopes: readonly string[]
  /** The back end that asked for it. */
  readonly callerId: string
  /** Epoch seconds. */
  readonly expiresAt: number
}

const refused = refusals('ACCESS_TOKEN')

/** Throws the ACCESS_TOKEN_… codes, one for each check, and what secrets and directory throw. */
export const accessTokenVerifier =
  (deps: RingDeps) =>
  async (
    text: string,
    deadline: Deadline,
    onSigned: (token: SignedToken & { readonly callerId: string }) => void,
  ): Promise<AccessTokenHolder> => {
    const { payload, kid } = await signedByRing(deps, { text, typ: ACCESS_TOKEN_TYPE }, deadline, refused)
    const claims = claimsIn(payload, AccessTokenClaims, refused)
    const { sub: userId, name: userName, tenantSpaceId, client_id: callerId, jti, ver, exp } = claims
    onSigned({ jti, kid, tenantSpaceId, callerId, userId })
    checkOrigin(claims, MAX_ACCESS_LIFETIME_SECONDS, deps, refused)
    if (claims.aud !== accessAudience(deps.issuer)) {
      throw refused('AUDIENCE_WRONG', "expected this stage's routes as aud", { field: 'aud' })
    }
    checkExpiry(claims, deps.now, refused)
    await checkAdmission(
      { tenantSpaceId, userId, name: userName, jti, ver, kid },
      deps.directory,
      deadline,
      refused,
    )
    return { userId, userName, tenantSpaceId, scopes: claims.scope, callerId, expiresAt: exp }
  }
