/** CEC's AccessToken (tokenByAkSk): the whole tenant's, kept for all its requests, and never given out. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { UpstreamFailure } from '../../outbound/failures.ts'
import type { Outbound, Reply } from '../../outbound/outbound.ts'
import { parsedReply } from '../../outbound/replies.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import type { ServiceToken } from '../../token-cache/service-token.ts'
import type { ServiceTokenClient, Tenant } from '../profile.ts'
import { cecRefusal } from './refusals.ts'
import type { CecSettings } from './settings.ts'
import { tenantCall } from './tenant-call.ts'
import { TokenByAkSkReply } from './wire.ts'

const MAX_BYTES = 64 * 1024

export const accessToken: ServiceTokenClient<CecSettings> = {
  variant: ({ tokenExpireSeconds }) => [String(tokenExpireSeconds)],
  fetch: async ({ outbound }, tenant, deadline) =>
    tokenIn(await ask(outbound, tenant, deadline), tenant.settings),
}

const ask = (
  outbound: Outbound,
  { tenantSpaceId, settings }: Tenant<CecSettings>,
  deadline: Deadline,
): Promise<Reply> => {
  const { tokenUrl, tokenExpireSeconds, appKey, appSecret } = settings
  return outbound(
    {
      tenantSpaceId,
      url: tokenUrl,
      method: 'POST',
      ...tenantCall(settings, {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-token-expire': String(tokenExpireSeconds),
      }),
      body: JSON.stringify({ app_key: appKey, app_secret: appSecret }),
      isRepeatable: true,
      maxBytes: MAX_BYTES,
    },
    deadline,
  )
}

const tokenIn = (reply: Reply, { tokenExpireSeconds, appSecret }: CecSettings): ServiceToken => {
  const good = reply.status === 200 ? parsedReply(TokenByAkSkReply, reply) : undefined
  if (good === undefined) throw cecRefusal('tokenByAkSk', reply)
  if (holdsSecret(good.AccessToken, [appSecret]))
    throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
  // Absent where the documents promise it: then it is what was asked for, since that is always sent.
  const lifeSeconds = Math.min(good.Expires ?? tokenExpireSeconds, tokenExpireSeconds)
  return { token: good.AccessToken, issuedAt: reply.sentAt, expiresAt: reply.sentAt + lifeSeconds * 1000 }
}
