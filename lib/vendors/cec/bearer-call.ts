/** CEC calls that carry the AccessToken: what a refusal of it means, and the one refresh that may follow. */

import { UpstreamFailure } from '../../outbound/failures.ts'
import type { Reply } from '../../outbound/outbound.ts'
import { byForce, type serviceTokens } from '../service-token-source.ts'
import type { Attempt } from '../vendor-context.ts'
import type { CecSettings } from './settings.ts'

/** Younger than this, a token cannot have expired: a refusal then means the account. */
const FRESH_MS = 60_000

/** CEC's words for an expired AccessToken, status 403. A 403 without them says nothing about the token. */
const REFUSED_BEARER = /auth fail|illegal or expired token/i

export interface BearerCallDeps {
  readonly accessTokens: ReturnType<typeof serviceTokens<CecSettings>>
  readonly now: () => Date
}

/** Whether an answer refuses the AccessToken: 403 in CEC's words, or 401, which also means "not purchased". */
export const refusesBearer = ({ status, text }: Reply): boolean =>
  status === 401 || (status === 403 && REFUSED_BEARER.test(text))

export interface BearerCall {
  /** Must be harmless to repeat after a refusal. */
  readonly send: (accessToken: string) => Promise<Reply>
  /** Whether a 401 may be about something else, which the caller can cause at will: then it never ends a good token. */
  readonly isAmbiguous: boolean
}

/**
 * Makes a call with the tenant's AccessToken. A refused token is replaced by one that is known or on its way, else it
 * is fetched anew: always when it is older than a minute, at most once per tenant and minute when it is fresh or the
 * refusal ambiguous. The call is then repeated once. When no replacement is due, the answer is given as it is, for the
 * call itself to judge. The refused token stays until another has come.
 */
export const bearerCalls = ({ accessTokens, now }: BearerCallDeps) => {
  return async (
    attempt: Attempt<CecSettings>,
    { send, isAmbiguous }: BearerCall,
  ): Promise<{ readonly reply: Reply; readonly accessToken: string }> => {
    const first = await accessTokens.get(attempt)
    const reply = await send(first.token)
    if (!refusesBearer(reply)) return { reply, accessToken: first.token }
    const isUnsure = isAmbiguous && reply.status === 401
    const isExpired = !isUnsure && Math.abs(now().getTime() - first.issuedAt) > FRESH_MS
    const second = await accessTokens
      .replace(attempt, first, isExpired ? {} : byForce(now))
      .catch((error: unknown) => {
        // Perhaps nothing was wrong with the AccessToken: then the first answer says what is.
        if (isUnsure) return undefined
        throw error
      })
    if (second === undefined) return { reply, accessToken: first.token }
    return { reply: await send(second.token), accessToken: second.token }
  }
}

/** The failure of a call whose AccessToken is still refused after all that was allowed. */
export const stillRefused = ({ status }: Reply): UpstreamFailure =>
  new UpstreamFailure('not-entitled', { upstreamStatus: status })
