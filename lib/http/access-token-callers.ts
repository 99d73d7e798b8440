/** Access tokens of this system as callers: a page, for its own user and nobody else. */

import { accessTokenVerifier } from '../access-token/verify.ts'
import { ACCESS_TOKEN_TYPE } from '../jwt/format.ts'
import { JWKS } from '../secrets/definitions.ts'
import type { VerifyDeps } from '../signed-token/verify.ts'
import { verificationKeys } from '../signing-keys/verification-keys.ts'
import type { TokenKind } from './callers.ts'

/** Takes a token for an access token when its header is exactly one of ours, and when it claims our issuer. */
export const accessTokenCallers = (deps: VerifyDeps): TokenKind => {
  const verify = accessTokenVerifier(deps)
  return {
    isOwn: async ({ header, issuer }, deadline) => {
      if (issuer === deps.issuer) return true
      const { value } = await deps.secrets.read(JWKS, { deadline })
      return verificationKeys(value, ACCESS_TOKEN_TYPE).has(header)
    },
    verify: async ({ text }, deadline, note) => {
      const { tenantSpaceId, ...holder } = await verify(text, deadline, note)
      return { ...holder, tenants: [tenantSpaceId] }
    },
  }
}
