/** Verification of agent tokens: the profile of their kind. The steps are those of every signed token. */

import type { Deadline } from '../concurrency/deadline.ts'
import { AGENT_TOKEN_TYPE, MAX_LIFETIME_SECONDS } from '../jwt/format.ts'
import { refusals } from '../jwt/refusal.ts'
import { AGENT_AUDIENCE_PREFIX, AgentTokenClaims } from '../schemas/agent-token.ts'
import type { TokenProfile } from '../signed-token/profile.ts'
import type { TokenNames } from '../signed-token/proof.ts'
import { signedTokenVerifier, type VerifyDeps } from '../signed-token/verify.ts'

/** What is asked about a token: is it ours, and does it belong to this agent of this tenant? */
export interface AgentTokenQuestion {
  readonly token: string
  readonly userAccount: string
  readonly tenantSpaceId: string
}

const refused = refusals('TOKEN')

/** For one tenant and about one agent, both named by whoever asks. Its refusals are called as those of visitors' tokens. */
export const AGENT_TOKEN: TokenProfile<AgentTokenClaims, AgentTokenQuestion> = {
  typ: AGENT_TOKEN_TYPE,
  claims: AgentTokenClaims,
  maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
  about: 'agent',
  refuse: refused,
  tenantOf: ({ aud }) => aud.slice(AGENT_AUDIENCE_PREFIX.length),
  audience: ({ tenantSpaceId }) => ({
    claim: 'aud',
    is: AGENT_AUDIENCE_PREFIX + tenantSpaceId,
    refusal: () => refused('TENANT_DIFFERS', 'expected the tenant of the request as aud', { field: 'aud' }),
  }),
  subject: ({ userAccount }) => [
    {
      claim: 'sub',
      is: userAccount,
      refusal: () =>
        refused('USER_DIFFERS', 'expected the userAccount of the request as sub', { field: 'sub' }),
    },
  ],
}

/**
 * Returns for a good token. The same token may be asked about again and again in its life. `onSigned` is told what
 * names a token whose signature holds: also of one that is then refused.
 * Throws the TOKEN_… codes, one for each check, and what secrets and directory throw.
 */
export const agentTokenVerifier = (deps: VerifyDeps) => {
  const verify = signedTokenVerifier(deps, AGENT_TOKEN)
  return async (
    question: AgentTokenQuestion,
    deadline: Deadline,
    onSigned: (names: TokenNames) => void = () => undefined,
  ): Promise<void> => {
    await verify({ text: question.token, asked: question, onSigned: (names) => onSigned(names) }, deadline)
  }
}
