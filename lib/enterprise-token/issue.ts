/** Issuing of enterprise tokens. */

import type { Deadline } from '../concurrency/deadline.ts'
import { type Directory, type Subject, versionOf } from '../directory/directory.ts'
import { TOKEN_TYPE } from '../jwt/format.ts'
import { signClaims } from '../jwt/sign.ts'
import { AUDIENCE_PREFIX, type EnterpriseTokenClaims } from '../schemas/enterprise-token.ts'
import type { SecretReader } from '../secrets/reader.ts'
import { keyAndAdmission } from '../signed-token/may-issue.ts'

export interface IssueDeps {
  readonly secrets: SecretReader
  readonly directory: Directory
  readonly issuer: string
  /** Life of a token in seconds, at most 3600. */
  readonly lifetimeSeconds: number
  readonly now: () => Date
  /** At least 128 random bits as base64url, never the same twice. */
  readonly newId: () => string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
  readonly lifetimeSeconds: number
  readonly jti: string
  readonly kid: string
}

/**
 * Issues a token to a user that the directory knows under that name. `mayVouch` enters an unknown user, and
 * renames a known one, first. Checks neither who asks nor for which tenant they may: that is the caller's part.
 * Throws USER_UNKNOWN, USER_NAME_DIFFERS, USER_DISABLED, KEYS_NOT_INITIALISED, KEY_REVOKED, and what secrets and
 * directory throw.
 */
export const enterpriseTokenIssuer =
  (deps: IssueDeps) =>
  async (
    request: Subject & { readonly userName: string },
    { mayVouch }: { mayVouch: boolean },
    deadline: Deadline,
  ): Promise<IssuedToken> => {
    const { key, admission } = await keyAndAdmission(deps, request, mayVouch, deadline)
    const iat = Math.floor(deps.now().getTime() / 1000)
    const claims: EnterpriseTokenClaims = {
      iss: deps.issuer,
      aud: AUDIENCE_PREFIX + request.tenantSpaceId,
      sub: request.userId,
      name: request.userName,
      jti: deps.newId(),
      ver: versionOf(admission),
      iat,
      exp: iat + deps.lifetimeSeconds,
    }
    return {
      token: await signClaims(claims, key, TOKEN_TYPE),
      expiresAt: new Date(claims.exp * 1000),
      lifetimeSeconds: deps.lifetimeSeconds,
      jti: claims.jti,
      kid: key.kid,
    }
  }
