/** What every CEC call of a function shares: one memory of AccessTokens, refusals and connections. */

import type { Runtime } from '../../runtime.ts'
import type { SecretReader } from '../../secrets/reader.ts'
import { machineTokens } from '../../token-store/machine-tokens.ts'
import { type OutboundDeps, outbound } from '../outbound.ts'
import { cecCredentials } from '../vendors.ts'
import { accessTokens } from './access-token.ts'
import { bearerCalls } from './bearer-call.ts'

export const cecConnection = (
  { now, random }: Runtime,
  secrets: SecretReader,
  { allowLoopbackHttp }: Pick<OutboundDeps, 'allowLoopbackHttp'>,
) => {
  const http = outbound({ now, random, allowLoopbackHttp })
  return {
    credentials: cecCredentials({ secrets, now }),
    callWithBearer: bearerCalls({
      accessTokens: accessTokens({ outbound: http, tokens: machineTokens(now) }),
      now,
    }),
    outbound: http,
  }
}

export type CecConnection = ReturnType<typeof cecConnection>
