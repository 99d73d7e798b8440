/** CEC's applyToken: a chat token for one user. */

import type { Deadline } from '../../concurrency/deadline.ts'
import { UpstreamFailure } from '../../outbound/failures.ts'
import type { Reply } from '../../outbound/outbound.ts'
import { parsedReply } from '../../outbound/replies.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import { refusesBearer, stillRefused } from './bearer-call.ts'
import type { CecContext } from './context.ts'
import { cecFailure, cecRefusal } from './refusals.ts'
import type { ApplyTokenRequest } from './requests.ts'
import type { CecSettings } from './settings.ts'
import { tenantCall } from './tenant-call.ts'
import { ApplyTokenFailure, ApplyTokenReply } from './wire.ts'

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
  ({ credentials, callWithBearer, outbound }: CecContext) =>
  (tenantSpaceId: string, request: ApplyTokenRequest, deadline: Deadline): Promise<ChatTokenIssued> =>
    credentials(
      tenantSpaceId,
      async (attempt) => {
        const { applyTokenUrl, appKey } = attempt.settings
        const send = (accessToken: string) =>
          outbound(
            {
              tenantSpaceId,
              url: applyTokenUrl,
              method: 'POST',
              ...tenantCall(attempt.settings, {
                'content-type': 'application/json',
                accept: 'application/json',
                'x-app-key': appKey,
                authorization: `Bearer ${accessToken}`,
              }),
              body: JSON.stringify({ ...request, locale: localeFor(request, attempt.settings) }),
              isRepeatable: true,
              isFinal,
              maxBytes: MAX_BYTES,
            },
            deadline,
          )
        const { reply, accessToken } = await callWithBearer(attempt, { send, isAmbiguous: false })
        const good = reply.status === 200 ? parsedReply(ApplyTokenReply, reply) : undefined
        if (good === undefined) throw refusal(reply)
        if (holdsSecret(good.token, [accessToken, appKey, attempt.settings.appSecret])) {
          throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
        }
        return { token: good.token, expiresAt: new Date(reply.sentAt + LIFETIME_SECONDS * 1000) }
      },
      deadline,
    )

/** 2023's document has the language without the country (table 3); a tenant's settings may demand it. */
const localeFor = ({ locale }: ApplyTokenRequest, { locale: rule }: CecSettings): string =>
  rule === 'language' ? locale.replace(/_.*$/, '') : locale

const refusal = (reply: Reply): UpstreamFailure => {
  if (refusesBearer(reply)) return stillRefused(reply)
  const isFailure = reply.status === 200 && parsedReply(ApplyTokenFailure, reply) !== undefined
  return isFailure
    ? cecFailure('applyToken', reply, { failure: 'values-refused' })
    : cecRefusal('applyToken', reply)
}

/** Values that were refused are refused again. */
const isFinal = (reply: Reply): boolean => refusal(reply).failure !== 'unavailable'
