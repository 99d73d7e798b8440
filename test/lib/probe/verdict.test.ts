import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../lib/probe/ask.ts'
import { EXPECTED, found, isRefusal, tokenIdIn } from '../../../lib/probe/verdict.ts'
import { secret } from '../../support/canary.ts'

const answer = (status: number, members: object = {}): Answer => ({ status, members: { ...members } })

describe('lib/probe/verdict: EXPECTED', () => {
  const token = `e30.${Buffer.from('{"jti":"1"}').toString('base64url')}.A`

  it.each([
    ['issue', answer(201, { token }), answer(200, { token })],
    ['issue', answer(201, { token }), answer(201, { token: 'e30.e30.A' })],
    ['valid', answer(200, { retCode: 0 }), answer(200, { retCode: '0' })],
    ['valid', answer(200, { retCode: 0 }), answer(500, { retCode: 0 })],
    ['tampered', answer(200, { retCode: 2 }), answer(200, { retCode: 3 })],
    ['revoke', answer(200), answer(202)],
    ['revoked', answer(200, { retCode: 5 }), answer(200, { retCode: 0 })],
    ['appCube', answer(200, { authToken: 'a' }), answer(200, { authToken: '' })],
    ['appCube', answer(200, { authToken: 'a' }), answer(200, { errorCode: 0 })],
  ] as const)('of %s takes %j, and not %j', (step, good, bad) => {
    expect(EXPECTED[step].isMet(good)).toBe(true)
    expect(EXPECTED[step].isMet(bad)).toBe(false)
    expect(EXPECTED[step].isMet({ members: {}, unanswered: 'ENOTFOUND' })).toBe(false)
  })
})

describe('lib/probe/verdict: found', () => {
  const canary = secret('what another service answers', randomBytes(16).toString('hex'))

  it.each([
    [answer(200, { retCode: 6, message: canary }), 'retCode 6'],
    [answer(503, { code: 'UNAVAILABLE', message: canary }), 'status 503 UNAVAILABLE'],
    [answer(401, { errorCode: 990004010, errorMsg: canary }), 'status 401 errorCode 990004010'],
    [answer(404, { message: canary }), 'status 404'],
    [answer(200, { retCode: canary, code: canary, errorCode: canary }), 'status 200'],
    [{ members: {}, unanswered: 'ENOTFOUND' }, 'ENOTFOUND'],
    [{ members: {} }, 'no answer'],
  ] satisfies [Answer, string][])('says of %j: %s', (of, text) => {
    expect(found(of)).toBe(text)
  })
})

describe('lib/probe/verdict: isRefusal', () => {
  it.each([
    [answer(401, { code: 'UNAUTHENTICATED' }), true],
    [answer(404, { code: 'USER_UNKNOWN' }), true],
    [answer(403, { errorCode: 990004030 }), true],
    // of API Gateway, which has no code
    [answer(404, { message: 'Not Found' }), false],
    [answer(429, { code: 'RATE_EXCEEDED' }), false],
    [answer(503, { code: 'UNAVAILABLE' }), false],
    [answer(200, { retCode: 5 }), false],
    [{ members: {}, unanswered: 'ENOTFOUND' }, false],
  ] satisfies [Answer, boolean][])('of %j is %s', (of, is) => {
    expect(isRefusal(of)).toBe(is)
  })
})

describe('lib/probe/verdict: tokenIdIn', () => {
  it.each([
    [`a.${Buffer.from('{"jti":"1"}').toString('base64url')}.b`, '1'],
    [`a.${Buffer.from('{"jti":1}').toString('base64url')}.b`, undefined],
    [`a.${Buffer.from('null').toString('base64url')}.b`, undefined],
    ['a.b.c', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('finds in %j: %s', (token, jti) => {
    expect(tokenIdIn(token)).toBe(jti)
  })
})
