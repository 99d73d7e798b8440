/** What Alibaba's error codes mean. By code first: their statuses vary for the same code. */

import {
  classOfStatus,
  type FailureClass,
  pauseSeconds,
  retryAfterSeconds,
  type UpstreamFailure,
  vendorRefusal,
} from '../../outbound/failures.ts'
import type { Reply } from '../../outbound/outbound.ts'
import { member } from '../../outbound/replies.ts'

/** A code, or with a star the beginning of codes, and what it means. The first that fits counts. */
type CodeRow = readonly [code: string, failure: FailureClass]

/** Codes of the live API and of the gateway before it. `InvaildParameter` is their spelling. */
const BY_CODE: readonly CodeRow[] = [
  ['InvalidAccessKeyId.NotFound', 'credential'],
  ['InvalidAccessKeyId.Inactive', 'credential'],
  ['InvalidAccessKeyId*', 'credential'],
  ['SignatureDoesNotMatch', 'credential'],
  ['IncompleteSignature', 'credential'],
  ['InvalidSecurityToken.Expired', 'credential'],
  ['InvalidSecurityToken.Malformed', 'credential'],
  ['InvalidSecurityToken.MismatchWithAccessKey', 'credential'],
  ['InvalidSecurityToken*', 'credential'],
  ['MissingSecurityToken', 'credential'],
  ['Forbidden.AccessKeyDisabled', 'credential'],
  ['Forbidden', 'not-permitted'],
  ['Forbidden.*', 'not-permitted'],
  ['NoPermission*', 'not-permitted'],
  ['InvaildParameter', 'invalid-request'],
  ['InvalidParameter*', 'invalid-request'],
  ['Throttling', 'throttled'],
  ['Throttling.User', 'throttled'],
  ['Throttling.Api', 'throttled'],
  ['Throttling.*', 'throttled'],
  ['InternalError', 'unavailable'],
  ['ServiceUnavailable', 'unavailable'],
  ['SignatureNonceUsed', 'unavailable'],
  ['InvalidTimeStamp.Expired', 'unavailable'],
]

const isOf = (code: string, [known]: CodeRow): boolean =>
  known.endsWith('*') ? code.startsWith(known.slice(0, -1)) : code === known

const UNCLEAR = new Set([401, 403, 418])

/** The one action that the call needs (seed 003, RAM authorization). */
const NOT_PERMITTED =
  'that the RAM user of this tenant may do live:GetMessageToken (docs/alibaba-ram-policy.json)'

export const liveRefusal = (reply: Reply): UpstreamFailure => {
  const { status } = reply
  const code = member(reply, 'Code')
  const row = BY_CODE.find((known) => isOf(String(code), known))
  const byStatus = UNCLEAR.has(status) ? 'refused-unclear' : classOfStatus(status)
  const failure = row?.[1] ?? byStatus ?? 'unexpected-reply'
  return vendorRefusal(reply, {
    failure,
    addressSetting: 'endpoint',
    // Of a code that only begins like a listed one, the rest may be anything.
    upstreamCode: code === undefined ? undefined : (row?.[0] ?? 'unlisted'),
    retryAfterSeconds: hint(reply),
    check: failure === 'not-permitted' ? NOT_PERMITTED : undefined,
  })
}

/** Either of two optional hints in milliseconds, or the usual header in seconds, or a second. */
const hint = (reply: Reply): number => {
  const text = (name: string) => String(reply.headers[name] ?? '')
  const ms =
    /^(\d{1,8})$/.exec(text('x-acs-retry-after')) ?? /TimeLeft:(\d{1,8})/.exec(text('x-ratelimit-user-api'))
  return ms === null ? retryAfterSeconds(reply) : pauseSeconds(Number(ms[1]) / 1000)
}
