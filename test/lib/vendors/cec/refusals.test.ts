import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../../../lib/outbound/failures.ts'
import { cecFailure, cecRefusal } from '../../../../lib/vendors/cec/refusals.ts'

type Call = Parameters<typeof cecRefusal>[0]
const CALLS: readonly Call[] = ['tokenByAkSk', 'applyToken', 'chat']

const reply = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  text: '{"errorCode":"any","token":"any"}',
  sentAt: Date.parse('2026-09-21T12:00:00Z'),
})

describe('lib/vendors/cec/refusals', () => {
  it.each<[Call, number, FailureClass]>([
    ['tokenByAkSk', 400, 'settings-refused'],
    ['tokenByAkSk', 401, 'refused-unclear'],
    ['tokenByAkSk', 403, 'refused-unclear'],
    ['tokenByAkSk', 418, 'refused-unclear'],
    ['tokenByAkSk', 500, 'unavailable'],
    ['applyToken', 400, 'invalid-request'],
    ['applyToken', 401, 'unexpected-reply'],
    ['applyToken', 403, 'refused-unclear'],
    ['applyToken', 418, 'refused-unclear'],
    ['applyToken', 500, 'values-refused'],
    ['chat', 400, 'invalid-request'],
    ['chat', 403, 'refused-unclear'],
    ['chat', 418, 'refused-unclear'],
    ['chat', 500, 'unavailable'],
  ])('of %s, takes status %i for %s', (call, status, failure) => {
    expect(cecRefusal(call, reply(status))).toMatchObject({ failure, detail: { upstreamStatus: status } })
  })

  it.each<[number, FailureClass]>([
    [200, 'unexpected-reply'],
    [302, 'unexpected-reply'],
    [404, 'wrong-address'],
    [405, 'wrong-address'],
    [410, 'wrong-address'],
    [429, 'throttled'],
    [502, 'unavailable'],
    [503, 'unavailable'],
  ])('of every call, takes status %i for %s', (status, failure) => {
    for (const call of CALLS) expect(cecRefusal(call, reply(status))).toMatchObject({ failure })
  })

  it.each([
    ['tokenByAkSk', 'tokenUrl'],
    ['applyToken', 'applyTokenUrl'],
    ['chat', 'chatUrl'],
  ] as const)('of %s, names the setting %s for a wrong address', (call, field) => {
    const { detail, message } = cecRefusal(call, reply(404))
    expect(detail).toEqual({ upstreamStatus: 404, field })
    expect(message).toContain(`check ${field} in the settings of this tenant`)
  })

  it('names the values that applyToken refuses', () => {
    expect(cecRefusal('applyToken', reply(500)).message).toContain('channelId, userId, userName and locale')
  })

  it('says when to come back', () => {
    expect(cecRefusal('chat', reply(429, { 'retry-after': '7' })).detail.retryAfterSeconds).toBe(7)
  })

  it('takes the class of a failure that more than the status tells', () => {
    expect(cecFailure('applyToken', reply(200), { failure: 'values-refused' })).toMatchObject({
      failure: 'values-refused',
      detail: { upstreamStatus: 200 },
    })
    expect(cecFailure('applyToken', reply(200))).toMatchObject({ failure: 'unexpected-reply' })
  })
})
