/** Alibaba Live's GetMessageToken: a live-message token for one user's device. */

import type * as z from 'zod/mini'
import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { UpstreamFailure } from '../../outbound/failures.ts'
import type { Outbound, Reply } from '../../outbound/outbound.ts'
import { parsedReply } from '../../outbound/replies.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import type { VendorContext } from '../vendor-context.ts'
import { acs3Headers, canonicalQuery } from './acs3.ts'
import type { LiveLimits } from './limits.ts'
import { liveRefusal } from './refusals.ts'
import type { LiveMessageTokenRequest } from './requests.ts'
import type { LiveSettings } from './settings.ts'
import { liveUserId } from './user-id.ts'
import { LiveMessageTokenReply } from './wire.ts'

const ACTION = 'GetMessageToken'
const VERSION = '2016-11-01'
const FORM = 'application/x-www-form-urlencoded'
const MAX_BYTES = 64 * 1024

/** Signed once more: the nonce was taken, or our clock is not Alibaba's. */
const SIGN_AGAIN = new Set(['SignatureNonceUsed', 'InvalidTimeStamp.Expired'])

export interface LiveDeps {
  readonly credentials: VendorContext<LiveSettings>
  readonly limits: LiveLimits
  readonly outbound: Outbound
  readonly now: () => Date
  readonly newId: () => string
}

export interface LiveMessageToken {
  readonly requestId: string
  readonly result: {
    readonly AccessToken: string
    /** Milliseconds that are left; absent where Alibaba names none that could be true. */
    readonly AccessTokenExpiredTime?: number
    /** Absent where Alibaba gives none: the client then asks again. */
    readonly RefreshToken?: string
  }
}

/**
 * A token for the user's device. Never stored: it is a user's, RefreshToken included. Checks Alibaba's limits before
 * any call. Throws TENANT_FORBIDDEN for another AppId, BODY_INVALID, TENANT_WITHOUT_SYSTEM, RATE_EXCEEDED and the
 * UPSTREAM_… codes.
 */
export const liveMessageTokens =
  ({ credentials, limits, outbound, now, newId }: LiveDeps) =>
  (tenantSpaceId: string, request: LiveMessageTokenRequest, deadline: Deadline): Promise<LiveMessageToken> =>
    credentials(
      tenantSpaceId,
      async ({ settings, guard }) => {
        const body = formOf(request, settings)
        const send = async (offsetMs: number): Promise<Reply> => {
          const url = new URL(settings.endpoint)
          const headers = () => ({
            accept: 'application/json',
            ...acs3Headers(
              {
                method: 'POST',
                host: url.host,
                body,
                contentType: FORM,
                action: ACTION,
                version: VERSION,
                date: new Date(now().getTime() + offsetMs),
                nonce: newId(),
              },
              settings,
            ),
          })
          const call = {
            tenantSpaceId,
            url: new URL('/', url).href,
            method: 'POST',
            body,
            maxBytes: MAX_BYTES,
          } as const
          return outbound({ ...call, headers, isRepeatable: true, isFinal }, deadline)
        }
        // Not inside: a prober that is refused for want of calls would leave the block as it is.
        await limits({ tenantSpaceId, userId: request.UserId }, settings, deadline)
        return guard(async () => {
          let reply = await send(0)
          const complaint = goodAnswer(reply) === undefined ? liveRefusal(reply) : undefined
          if (SIGN_AGAIN.has(complaint?.detail.upstreamCode ?? ''))
            reply = await send(clockOffsetMs(complaint, reply, now()))
          const good = goodAnswer(reply)
          if (good === undefined) throw liveRefusal(reply)
          const { accessKeyId, accessKeySecret, securityToken } = settings
          if (holdsSecret(good, [accessKeyId, accessKeySecret, securityToken])) {
            throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
          }
          return tokenOf(good, reply, now())
        })
      },
      deadline,
    )

const formOf = (request: LiveMessageTokenRequest, settings: LiveSettings): string => {
  if (request.AppId !== undefined && request.AppId !== settings.appId) {
    throw new BridgeError('TENANT_FORBIDDEN', "AppId: expected the one of this tenant's settings", {
      detail: { field: 'AppId' },
    })
  }
  const { DeviceId, DeviceType } = request
  return canonicalQuery({
    AppId: settings.appId,
    DeviceId,
    DeviceType,
    UserId: liveUserId(request.UserId, settings),
  })
}

const isFinal = (reply: Reply): boolean => liveRefusal(reply).failure !== 'unavailable'

const goodAnswer = (reply: Reply): Answer | undefined =>
  reply.status === 200 ? parsedReply(LiveMessageTokenReply, reply) : undefined

type Answer = z.infer<typeof LiveMessageTokenReply>

const tokenOf = ({ RequestId = '', Result }: Answer, { sentAt }: Reply, now: Date): LiveMessageToken => {
  const { AccessToken, AccessTokenExpiredTime: lifeMs, RefreshToken } = Result
  const left = lifeMs === undefined ? undefined : Math.max(0, lifeMs - (now.getTime() - sentAt))
  return {
    requestId: RequestId,
    result: {
      AccessToken,
      ...(left === undefined ? {} : { AccessTokenExpiredTime: left }),
      ...(RefreshToken === undefined ? {} : { RefreshToken }),
    },
  }
}

/** How far Alibaba's clock is ahead, by the answer's Date header, when it is the clock that they complain of. */
const clockOffsetMs = (failure: UpstreamFailure | undefined, { headers }: Reply, now: Date): number => {
  const theirs = Date.parse(String(headers['date']))
  return failure?.detail.upstreamCode === 'SignatureNonceUsed' || Number.isNaN(theirs)
    ? 0
    : theirs - now.getTime()
}
