/** Verification of access tokens: the profile of their kind. The steps are those of every signed token. */

import type { Deadline } from '../concurrency/deadline.ts'
import { ACCESS_TOKEN_TYPE, MAX_ACCESS_LIFETIME_SECONDS } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { AccessTokenClaims, accessAudience } from '../schemas/access-token.ts'
import type { TokenProfile } from '../signed-token/profile.ts'
import type { TokenNames } from '../signed-token/proof.ts'
import { signedTokenVerifier, type VerifyDeps } from '../signed-token/verify.ts'

/** Who holds a good access token, and what it lets them do. */
export interface AccessTokenHolder {
  readonly userId: string
  readonly userName: string
  readonly tenantSpaceId: string
  readonly scopes: readonly string[]
  /** The RTC channels that the user may enter; absent where the token names none. */
  readonly rtcChannelIds?: readonly string[]
  /** The back end that asked for it. */
  readonly callerId: string
  /** Epoch seconds. */
  readonly expiresAt: number
}

const refused = refusals('ACCESS_TOKEN')

/** For this stage's routes that lead to vendors. The token alone says about whom it is. */
export const ACCESS_TOKEN: TokenProfile<AccessTokenClaims, undefined> = {
  typ: ACCESS_TOKEN_TYPE,
  claims: AccessTokenClaims,
  maxLifetimeSeconds: MAX_ACCESS_LIFETIME_SECONDS,
  about: 'user',
  refuse: refused,
  tenantOf: ({ tenantSpaceId }) => tenantSpaceId,
  audience: (_, issuer) => ({
    claim: 'aud',
    is: accessAudience(issuer),
    refusal: () => refused('AUDIENCE_WRONG', "expected this stage's routes as aud", { field: 'aud' }),
  }),
  subject: () => [],
}

/**
 * Gives the holder of a good token. `onSigned` is told what names a token whose signature holds: also of one that is
 * then refused. Throws the ACCESS_TOKEN_… codes, one for each check, and what secrets and directory throw.
 */
export const accessTokenVerifier = (deps: VerifyDeps) => {
  const verify = signedTokenVerifier(deps, ACCESS_TOKEN)
  return async (
    text: string,
    deadline: Deadline,
    onSigned: (token: TokenNames & { readonly callerId: string }) => void,
  ): Promise<AccessTokenHolder> => {
    const claims = await verify(
      {
        text,
        asked: undefined,
        onSigned: (names, { client_id: callerId }) => onSigned({ ...names, callerId }),
      },
      deadline,
    )
    const { sub: userId, name: userName, tenantSpaceId, scope, rtcChannelIds } = claims
    const { client_id: callerId, exp: expiresAt } = claims
    const holder = { userId, userName, tenantSpaceId, scopes: scope, callerId, expiresAt }
    return rtcChannelIds === undefined ? holder : { ...holder, rtcChannelIds }
  }
}
