/** Verification of enterprise tokens: the profile of their kind. The steps are those of every signed token. */

import type { Deadline } from '../concurrency/deadline.ts'
import { MAX_LIFETIME_SECONDS, TOKEN_TYPE } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { AUDIENCE_PREFIX, EnterpriseTokenClaims } from '../schemas/enterprise-token.ts'
import type { TokenProfile } from '../signed-token/profile.ts'
import type { TokenNames } from '../signed-token/proof.ts'
import { signedTokenVerifier, type VerifyDeps } from '../signed-token/verify.ts'

/** What is asked about a token: is it ours, and does it belong to this user of this tenant? */
export interface TokenQuestion {
  readonly token: string
  readonly userId: string
  readonly userName: string
  readonly tenantSpaceId: string
}

const refused = refusals('TOKEN')

/** For one tenant and about one user, both named by whoever asks. */
export const ENTERPRISE_TOKEN: TokenProfile<EnterpriseTokenClaims, TokenQuestion> = {
  typ: TOKEN_TYPE,
  claims: EnterpriseTokenClaims,
  maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
  about: 'user',
  refuse: refused,
  tenantOf: ({ aud }) => aud.slice(AUDIENCE_PREFIX.length),
  audience: ({ tenantSpaceId }) => ({
    claim: 'aud',
    is: AUDIENCE_PREFIX + tenantSpaceId,
    refusal: () => refused('TENANT_DIFFERS', 'expected the tenant of the request as aud', { field: 'aud' }),
  }),
  subject: ({ userId, userName }) => [
    {
      claim: 'sub',
      is: userId,
      refusal: () => refused('USER_DIFFERS', 'expected the userId of the request as sub', { field: 'sub' }),
    },
    {
      claim: 'name',
      is: userName,
      refusal: () =>
        refused('NAME_DIFFERS', 'expected the userName of the request as name', { field: 'name' }),
    },
  ],
}

/**
 * Returns for a good token. The same token may be asked about again and again in its life. `onSigned` is told what
 * names a token whose signature holds: also of one that is then refused.
 * Throws the TOKEN_… codes, one for each check, and what secrets and directory throw.
 */
export const enterpriseTokenVerifier = (deps: VerifyDeps) => {
  const verify = signedTokenVerifier(deps, ENTERPRISE_TOKEN)
  return async (
    question: TokenQuestion,
    deadline: Deadline,
    onSigned: (names: TokenNames) => void = () => undefined,
  ): Promise<void> => {
    await verify({ text: question.token, asked: question, onSigned: (names) => onSigned(names) }, deadline)
  }
}
