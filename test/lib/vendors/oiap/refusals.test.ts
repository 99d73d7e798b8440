import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../../../lib/outbound/failures.ts'
import { oiapRefusal } from '../../../../lib/vendors/oiap/refusals.ts'

const reply = (status: number, body: unknown = '', headers: Record<string, string> = {}) => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  sentAt: Date.parse('2026-09-21T12:00:00Z'),
})
const told = (...parts: Parameters<typeof reply>) => {
  const { failure, detail, message } = oiapRefusal(reply(...parts))
  return { failure, detail, message }
}

describe('lib/vendors/oiap/refusals', () => {
  it.each<[string | number, FailureClass]>([
    ['200800001', 'credential'],
    ['200800002', 'credential'],
    [200800003, 'credential'],
    ['10000001', 'unavailable'],
    ['10000002', 'settings-refused'],
    ['10000003', 'settings-refused'],
    ['900001', 'unexpected-reply'],
    [900002, 'unexpected-reply'],
  ])('takes the documented code %s for %s, and repeats it', (errorCode, failure) => {
    for (const status of [200, 400, 403, 500]) {
      expect(told(status, { errorCode })).toMatchObject({
        failure,
        detail: { upstreamStatus: status, upstreamCode: String(errorCode) },
      })
    }
  })

  it.each<[number, FailureClass]>([
    [401, 'refused-unclear'],
    [403, 'refused-unclear'],
    [418, 'refused-unclear'],
    [404, 'wrong-address'],
    [405, 'wrong-address'],
    [410, 'wrong-address'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [200, 'unexpected-reply'],
    [302, 'unexpected-reply'],
  ])('without a code, takes status %i for %s', (status, failure) => {
    expect(told(status)).toMatchObject({ failure })
    expect(told(status).detail.upstreamCode).toBeUndefined()
  })

  it.each([1, '7', '-3', '123456789012', 'none', '1.5', 'AUTH_FAILED'])(
    'takes the unlisted code %s for a refusal without a reason, and does not repeat it',
    (errorCode) => {
      expect(told(200, { errorCode })).toMatchObject({
        failure: 'refused-unclear',
        detail: { upstreamCode: 'unlisted' },
      })
    },
  )

  it.each(['0', 0, '', '200'])(
    'takes the code %j, which is none, for a reply that is not understood',
    (errorCode) => {
      expect(told(200, { errorCode })).toMatchObject({
        failure: 'unexpected-reply',
        detail: { upstreamCode: 'unlisted' },
      })
    },
  )

  it('lets status 429 speak before every code but those of credentials', () => {
    expect(told(429, { errorCode: '10000002' }, { 'retry-after': '7' })).toMatchObject({
      failure: 'throttled',
      detail: { retryAfterSeconds: 7 },
    })
    expect(told(429, { errorCode: '200800002' })).toMatchObject({ failure: 'credential' })
  })

  it('names the settings to look at', () => {
    expect(told(404).detail).toEqual({ upstreamStatus: 404, field: 'url' })
    expect(told(200, { errorCode: '10000002' }).message).toContain('check appKey and appSecret')
  })
})
