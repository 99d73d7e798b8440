import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../../../lib/outbound/failures.ts'
import { liveRefusal } from '../../../../lib/vendors/live/refusals.ts'

const told = (status: number, body: unknown = '', headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const sentAt = Date.parse('2026-09-21T12:00:00Z')
  const { failure, detail, message } = liveRefusal({ status, headers, text, sentAt })
  return { failure, detail, message }
}

describe('lib/vendors/live/refusals', () => {
  it.each<[string, FailureClass]>([
    ['InvalidAccessKeyId.NotFound', 'credential'],
    ['SignatureDoesNotMatch', 'credential'],
    ['InvalidSecurityToken.Expired', 'credential'],
    ['MissingSecurityToken', 'credential'],
    ['Forbidden.AccessKeyDisabled', 'credential'],
    ['Forbidden', 'not-permitted'],
    ['InvaildParameter', 'invalid-request'],
    ['Throttling', 'throttled'],
    ['Throttling.User', 'throttled'],
    ['InternalError', 'unavailable'],
    ['SignatureNonceUsed', 'unavailable'],
    ['InvalidTimeStamp.Expired', 'unavailable'],
  ])('takes the code %s for %s whatever the status, and repeats it', (Code, failure) => {
    for (const status of [200, 400, 403, 404, 500]) {
      expect(told(status, { Code })).toMatchObject({
        failure,
        detail: { upstreamStatus: status, upstreamCode: Code },
      })
    }
  })

  it.each<[string, FailureClass, string]>([
    ['InvalidAccessKeyId.Other', 'credential', 'InvalidAccessKeyId*'],
    ['InvalidSecurityToken.Other', 'credential', 'InvalidSecurityToken*'],
    ['Forbidden.RAM', 'not-permitted', 'Forbidden.*'],
    ['NoPermission.Other', 'not-permitted', 'NoPermission*'],
    ['InvalidParameter.UserId', 'invalid-request', 'InvalidParameter*'],
    ['Throttling.Other', 'throttled', 'Throttling.*'],
  ])(
    'takes %s, which only begins like a listed code, for %s, and repeats what is listed',
    (Code, failure, known) => {
      expect(told(400, { Code })).toMatchObject({ failure, detail: { upstreamCode: known } })
    },
  )

  it.each(['ForbiddenOther', 'Other', 'throttling'])('repeats nothing of the unlisted code %s', (Code) => {
    expect(told(400, { Code })).toMatchObject({
      failure: 'unexpected-reply',
      detail: { upstreamCode: 'unlisted' },
    })
  })

  it.each<[number, FailureClass]>([
    [401, 'refused-unclear'],
    [403, 'refused-unclear'],
    [418, 'refused-unclear'],
    [404, 'wrong-address'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [200, 'unexpected-reply'],
  ])('without a code, takes status %i for %s', (status, failure) => {
    expect(told(status)).toMatchObject({ failure })
    expect(told(status).detail.upstreamCode).toBeUndefined()
  })

  it.each<[string, Record<string, string>, number]>([
    ['x-acs-retry-after, in milliseconds', { 'x-acs-retry-after': '2500' }, 3],
    ['the time left of the limit', { 'x-ratelimit-user-api': 'Remain:0,TimeLeft:4001' }, 5],
    ['the first of both', { 'x-acs-retry-after': '1000', 'x-ratelimit-user-api': 'TimeLeft:9000' }, 1],
    ['the usual header', { 'retry-after': '7' }, 7],
    ['nothing', {}, 1],
    ['something that cannot be read', { 'x-acs-retry-after': 'soon' }, 1],
  ])('says when to come back by %s', (_, headers, seconds) => {
    expect(told(400, { Code: 'Throttling' }, headers).detail.retryAfterSeconds).toBe(seconds)
  })

  it('names what to look at', () => {
    expect(told(404).detail).toEqual({ upstreamStatus: 404, field: 'endpoint' })
    expect(told(403, { Code: 'NoPermission' }).message).toContain('live:GetMessageToken')
  })
})
