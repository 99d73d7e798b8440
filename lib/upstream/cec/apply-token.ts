/** CEC's applyToken: a chat token for one user. */

import type { Deadline } from '../../deadline.ts'
import { ApplyTokenReply, type ApplyTokenRequest } from '../../schemas/cec.ts'
import { holdsSecret } from '../echo.ts'
import { classOfStatus, type FailureClass, retryAfterSeconds, UpstreamFailure } from '../failures.ts'
import type { Reply } from '../outbound.ts'
import { understood } from '../replies.ts'
import { refusesBearer, stillRefused } from './bearer-call.ts'
import type { CecConnection } from './connection.ts'

/** The answer carries no expiry; the document says one hour. */
const LIFETIME_SECONDS = 3600
const MAX_BYTES = 64 * 1024

export interface ChatTokenIssued {
  readonly token: string
  /** An hour from before the call: inferred, CEC does not say. */
  readonly expiresAt: Date
}

/**
 * A chat token for the user. Never stored: a second call for a user very likely ends the first token, and whoever
 * asks again usually does so because the old one died. Throws the UPSTREAM_… codes and TENANT_WITHOUT_SYSTEM.
 */
export const chatTokenIssuer =
  ({ credentials, callWithBearer, outbound }: CecConnection) =>
  (tenantSpaceId: string, request: ApplyTokenRequest, deadline: Deadline): Promise<ChatTokenIssued> =>
    credentials(
      tenantSpaceId,
      async (attempt) => {
        const { applyTokenUrl, appKey, ca } = attempt.settings
        const send = (accessToken: string) =>
          outbound(
            {
              tenantSpaceId,
              url: applyTokenUrl,
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                accept: 'application/json',
                'x-app-key': appKey,
                authorization: `Bearer ${accessToken}`,
              },
              body: JSON.stringify(request),
              ca,
              isRepeatable: true,
              maxBytes: MAX_BYTES,
            },
            deadline,
          )
        const { reply, accessToken } = await callWithBearer(
          tenantSpaceId,
          attempt,
          { send, isAmbiguous: false },
          deadline,
        )
        const good = reply.status === 200 ? understood(ApplyTokenReply, reply) : undefined
        if (good === undefined) throw refusal(reply)
        if (holdsSecret(good.token, [accessToken, appKey, attempt.settings.appSecret])) {
          throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
        }
        return { token: good.token, expiresAt: new Date(reply.sentAt + LIFETIME_SECONDS * 1000) }
      },
      deadline,
    )

/** By status, where it decides: a 403 without CEC's words may be a firewall's view of a caller's text. */
const BY_STATUS: Readonly<Record<number, FailureClass>> = {
  400: 'invalid-request',
  403: 'refused-unclear',
  418: 'refused-unclear',
}

export const refusal = (reply: Reply): UpstreamFailure => {
  if (refusesBearer(reply)) return stillRefused(reply)
  const failure = BY_STATUS[reply.status] ?? classOfStatus(reply.status) ?? 'unexpected-reply'
  const pause = failure === 'throttled' ? { retryAfterSeconds: retryAfterSeconds(reply) } : {}
  return new UpstreamFailure(failure, { upstreamStatus: reply.status, ...pause })
}
