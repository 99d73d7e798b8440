/** What every CEC call of a function shares: its credentials, its AccessTokens and its connections. */

import type { Connection } from '../connection.ts'
import { sourceTokens } from '../machine-source.ts'
import { accessTokenSource } from './access-token.ts'
import { bearerCalls } from './bearer-call.ts'

export const cecConnection = (shared: Connection) => {
  const source = accessTokenSource(shared)
  return {
    credentials: source.credentials,
    callWithBearer: bearerCalls({ accessTokens: sourceTokens(source, shared.tokens), now: shared.now }),
    outbound: shared.outbound,
  }
}

export type CecConnection = ReturnType<typeof cecConnection>
