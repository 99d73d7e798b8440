/** A tenant's token of OIAP. The address and the secret say of which call, and both are settings. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { UpstreamFailure } from '../../outbound/failures.ts'
import type { Outbound, Reply } from '../../outbound/outbound.ts'
import { parsedReply } from '../../outbound/replies.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import type { ServiceToken } from '../../token-cache/service-token.ts'
import type { ServiceTokenClient, Tenant } from '../profile.ts'
import { oiapRefusal } from './refusals.ts'
import type { OiapSettings } from './settings.ts'
import { OiapTokenReply } from './wire.ts'

const MAX_BYTES = 64 * 1024
/** "The default value is 3600" (seed 001), for when the answer has no expireTime. */
const DEFAULT_SECONDS = 3600
const MAX_SECONDS = 86_400

/** `system` is the name in the log. */
export const oiapToken = (system: string): ServiceTokenClient<OiapSettings> => ({
  variant: () => [],
  fetch: async ({ outbound, log }, tenant, deadline) => {
    const reply = await ask(outbound, tenant, deadline)
    const { tenantSpaceId, settings } = tenant
    return tokenIn(settings, reply, (reason) =>
      log('WARN', { code: 'VENDOR_REPLY_DEVIATES', system, tenantSpaceId, reason }),
    )
  },
})

const ask = (
  outbound: Outbound,
  { tenantSpaceId, settings }: Tenant<OiapSettings>,
  deadline: Deadline,
): Promise<Reply> => {
  const { url, appKey, appSecret, ca, serverName } = settings
  return outbound(
    {
      tenantSpaceId,
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8', accept: 'application/json' },
      body: JSON.stringify({ appKey, appSecret }),
      ca,
      serverName,
      // Repeated wrong secrets lock the account, and one whose answer was lost may have been judged.
      isRepeatable: false,
      maxBytes: MAX_BYTES,
    },
    deadline,
  )
}

const tokenIn = (
  { appSecret }: OiapSettings,
  reply: Reply,
  onDeviation: (reason: string) => void,
): ServiceToken => {
  const good = reply.status === 200 ? parsedReply(OiapTokenReply, reply) : undefined
  if (good === undefined) throw oiapRefusal(reply)
  const { errorCode, authToken: token, expireTime = DEFAULT_SECONDS } = good
  if (holdsSecret(token, [appSecret]))
    throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
  if (errorCode !== '0') onDeviation(`errorCode ${errorCode ?? 'absent'}`)
  const lifeSeconds = Math.min(expireTime, MAX_SECONDS)
  return { token, issuedAt: reply.sentAt, expiresAt: reply.sentAt + lifeSeconds * 1000 }
}
