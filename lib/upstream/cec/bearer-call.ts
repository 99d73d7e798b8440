/** CEC calls that carry the AccessToken: what a refusal of it means, and the one refresh that may follow. */

import type { Deadline } from '../../deadline.ts'
import type { CecSettings } from '../../schemas/upstream-settings.ts'
import type { MachineToken } from '../../token-store/machine-tokens.ts'
import type { Attempt } from '../credentials.ts'
import { UpstreamFailure } from '../failures.ts'
import type { Reply } from '../outbound.ts'
import type { accessTokens } from './access-token.ts'

/** Younger than this, a token cannot have expired: a refusal then means the account. */
const FRESH_MS = 60_000
/** Least time between two refreshes of a tenant's token that was refused while fresh. */
const FORCED_REFRESH_MS = 60_000

/** CEC's words for an expired AccessToken, status 403. A 403 without them says nothing about the token. */
const REFUSED_BEARER = /auth fail|illegal or expired token/i

export interface BearerCallDeps {
  readonly accessTokens: ReturnType<typeof accessTokens>
  readonly now: () => Date
}

/** Whether an answer refuses the AccessToken: 403 in CEC's words, or 401, which also means "not purchased". */
export const refusesBearer = ({ status, text }: Reply): boolean =>
  status === 401 || (status === 403 && REFUSED_BEARER.test(text))

/**
 * Makes a call with the tenant's AccessToken. A refused token older than a minute is fetched anew and the call
 * repeated once. A fresh one is fetched anew at most once per tenant and minute; when that does not help, or is not
 * due, the answer is given as it is, for the call itself to judge. `send` must be harmless to repeat after a refusal.
 */
export const bearerCalls = ({ accessTokens, now }: BearerCallDeps) => {
  const forcedAt = new Map<string, number>()

  const mayRefresh = (tenantSpaceId: string, { issuedAt }: MachineToken): boolean => {
    const at = now().getTime()
    if (at - issuedAt > FRESH_MS) return true
    if (at - (forcedAt.get(tenantSpaceId) ?? Number.NEGATIVE_INFINITY) < FORCED_REFRESH_MS) return false
    forcedAt.set(tenantSpaceId, at)
    return true
  }

  return async (
    tenantSpaceId: string,
    attempt: Attempt<CecSettings>,
    send: (accessToken: string) => Promise<Reply>,
    deadline: Deadline,
  ): Promise<{ readonly reply: Reply; readonly accessToken: string }> => {
    const first = await accessTokens.get(tenantSpaceId, attempt, deadline)
    const reply = await send(first.token)
    if (!refusesBearer(reply) || !mayRefresh(tenantSpaceId, first)) return { reply, accessToken: first.token }
    accessTokens.drop(tenantSpaceId, attempt, first)
    const second = await accessTokens.get(tenantSpaceId, attempt, deadline)
    return { reply: await send(second.token), accessToken: second.token }
  }
}

/** The failure of a call whose AccessToken is still refused after all that was allowed. */
export const stillRefused = ({ status }: Reply): UpstreamFailure =>
  new UpstreamFailure('not-entitled', { upstreamStatus: status })
