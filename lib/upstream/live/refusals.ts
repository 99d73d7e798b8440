/** What Alibaba's error codes mean. By code first: their statuses vary for the same code. */

import {
  classOfStatus,
  type FailureClass,
  loggableCode,
  pauseSeconds,
  retryAfterSeconds,
  UpstreamFailure,
} from '../failures.ts'
import type { Reply } from '../outbound.ts'
import { member } from '../replies.ts'

/** Codes of the live API and of the gateway before it. `InvaildParameter` is their spelling. */
const BY_CODE: Readonly<Record<string, FailureClass>> = {
  'InvalidAccessKeyId.NotFound': 'credential',
  'InvalidAccessKeyId.Inactive': 'credential',
  SignatureDoesNotMatch: 'credential',
  Forbidden: 'refused-unclear',
  InvaildParameter: 'invalid-request',
  InvalidParameter: 'invalid-request',
  Throttling: 'throttled',
  'Throttling.User': 'throttled',
  'Throttling.Api': 'throttled',
  InternalError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  SignatureNonceUsed: 'unavailable',
  'InvalidTimeStamp.Expired': 'unavailable',
}
const LISTED: ReadonlySet<string> = new Set(Object.keys(BY_CODE))
const UNCLEAR = new Set([401, 403, 418])

export const refusal = (reply: Reply): UpstreamFailure => {
  const { status } = reply
  const code = member(reply, 'Code')
  const byStatus = UNCLEAR.has(status) ? 'refused-unclear' : classOfStatus(status)
  const failure =
    (LISTED.has(String(code)) ? BY_CODE[String(code)] : undefined) ?? byStatus ?? 'unexpected-reply'
  const named = code === undefined ? {} : { upstreamCode: loggableCode(code, LISTED) }
  const pause = failure === 'throttled' ? { retryAfterSeconds: hint(reply) } : {}
  return new UpstreamFailure(failure, { upstreamStatus: status, ...named, ...pause })
}

/** Either of two optional hints in milliseconds, or the usual header in seconds, or a second. */
const hint = (reply: Reply): number => {
  const text = (name: string) => String(reply.headers[name] ?? '')
  const ms =
    /^(\d{1,8})$/.exec(text('x-acs-retry-after')) ?? /TimeLeft:(\d{1,8})/.exec(text('x-ratelimit-user-api'))
  return ms === null ? retryAfterSeconds(reply) : pauseSeconds(Number(ms[1]) / 1000)
}
