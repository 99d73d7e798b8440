/** What every CEC call of a function shares: the tenants' accounts, their AccessTokens and the outbound connections. */

import type { Connection } from '../connection.ts'
import { serviceTokenSource, serviceTokens } from '../service-token-source.ts'
import { bearerCalls } from './bearer-call.ts'
import { cecProfile } from './profile.ts'

export const cecContext = (shared: Connection) => {
  const source = serviceTokenSource(shared, cecProfile)
  return {
    credentials: source.credentials,
    callWithBearer: bearerCalls({ accessTokens: serviceTokens(source, shared.tokens), now: shared.now }),
    outbound: shared.outbound,
  }
}

export type CecContext = ReturnType<typeof cecContext>
