/** The vendors' logins as the simulation has them: tokens that live for an hour. */

import type { Outbound } from '../../../lib/outbound/outbound.ts'
import type { Processor } from './aws/processor.ts'
import type { Clock } from './clock.ts'

export const CEC_URL = 'https://cec.example/tokenByAkSk'
export const OIAP_URL = 'https://oiap.example/getAppCubeToken'
export const OIAP_THIRD_PARTY_URL = 'https://oiap.example/gettoken'

const CALL_MS = 50
/** Of a whole processor: a connection with TLS, which each login makes for itself. */
const HANDSHAKE_MS = 34
const LIFE_SECONDS = 3600

export interface Vendor {
  /** The vendor for one sandbox. `onCall` hears of each of its calls. */
  readonly outboundFor: (onCall: () => void) => Outbound
  readonly calls: () => number
  /** Calls by the minute in which they came, from the start on; minutes without one are absent. */
  readonly callsPerMinute: () => ReadonlyMap<number, number>
}

/** `callMs` is how long a call takes. Default 50 ms. */
export const virtualVendor = (clock: Clock, callMs: () => number = () => CALL_MS): Vendor => {
  let calls = 0
  const perMinute = new Map<number, number>()
  return {
    outboundFor:
      (onCall) =>
      async ({ url }) => {
        calls += 1
        const minute = Math.floor(clock.elapsed() / 60_000)
        perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1)
        onCall()
        const token = `simulated-token-${calls}`.padEnd(64, '.')
        const sentAt = clock.now().getTime()
        await clock.pause(callMs())
        const answer =
          url === CEC_URL
            ? { AccessToken: token, Expires: LIFE_SECONDS }
            : { errorCode: 0, authToken: token, expireTime: LIFE_SECONDS }
        return { status: 200, headers: {}, text: JSON.stringify(answer), sentAt }
      },
    calls: () => calls,
    callsPerMinute: () => perMinute,
  }
}

/** Calls from a sandbox whose processor has a limit: each computes its handshake before it goes out. */
export const computing =
  (outbound: Outbound, { compute }: Processor): Outbound =>
  async (call, deadline) => {
    await compute(HANDSHAKE_MS)
    return outbound(call, deadline)
  }
