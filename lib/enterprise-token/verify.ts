/** Verification of enterprise tokens, in the one order that gives nothing away: form, header, signature, claims, admission. */

import type { Deadline } from '../concurrency/deadline.ts'
import { claimsIn } from '../jwt/compact.ts'
import { MAX_LIFETIME_SECONDS, TOKEN_TYPE } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { AUDIENCE_PREFIX, EnterpriseTokenClaims } from '../schemas/enterprise-token.ts'
import {
  checkAdmission,
  checkExpiry,
  checkOrigin,
  type RingDeps,
  signedByRing,
} from '../signed-token/ring-token.ts'

export type VerifyDeps = RingDeps

/** What is asked about a token: is it ours, and does it belong to this user of this tenant? */
export interface TokenQuestion {
  readonly token: string
  readonly userId: string
  readonly userName: string
  readonly tenantSpaceId: string
}

/** What names a token in the log, once its signature holds: also of one that is then refused. */
export interface SignedToken {
  readonly jti: string
  readonly kid: string
  readonly tenantSpaceId: string
  readonly userId: string
}

const refused = refusals('TOKEN')

/**
 * Returns for a good token. The same token may be asked about again and again in its life.
 * Throws the TOKEN_… codes, one for each check, and what secrets and directory throw.
 */
export const enterpriseTokenVerifier =
  (deps: VerifyDeps) =>
  async (
    question: TokenQuestion,
    deadline: Deadline,
    onSigned: (token: SignedToken) => void = () => undefined,
  ): Promise<void> => {
    const { tenantSpaceId, userId } = question
    const { payload, kid } = await signedByRing(
      deps,
      { text: question.token, typ: TOKEN_TYPE },
      deadline,
      refused,
    )
    const claims = claimsIn(payload, EnterpriseTokenClaims, refused)
    const { name, jti, ver } = claims
    onSigned({ jti, kid, userId: claims.sub, tenantSpaceId: claims.aud.slice(AUDIENCE_PREFIX.length) })
    checkOrigin(claims, MAX_LIFETIME_SECONDS, deps, refused)
    checkTenant(claims, question)
    checkExpiry(claims, deps.now, refused)
    checkSubject(claims, question)
    await checkAdmission({ tenantSpaceId, userId, name, jti, ver, kid }, deps.directory, deadline, refused)
  }

// Strings are equal code point by code point: nothing is folded or normalised here.
const checkTenant = ({ aud }: EnterpriseTokenClaims, { tenantSpaceId }: TokenQuestion): void => {
  if (aud !== AUDIENCE_PREFIX + tenantSpaceId) {
    throw refused('TENANT_DIFFERS', 'expected the tenant of the request as aud', { field: 'aud' })
  }
}

const checkSubject = ({ sub, name }: EnterpriseTokenClaims, { userId, userName }: TokenQuestion): void => {
  if (sub !== userId)
    throw refused('USER_DIFFERS', 'expected the userId of the request as sub', { field: 'sub' })
  if (name !== userName)
    throw refused('NAME_DIFFERS', 'expected the userName of the request as name', { field: 'name' })
}
