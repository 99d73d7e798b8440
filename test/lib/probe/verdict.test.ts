import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../lib/probe/ask.ts'
import { causeOf, EXPECTED, found, isUnknownKey, type Step, tokenIdIn } from '../../../lib/probe/verdict.ts'
import { secret } from '../../support/canary.ts'

const answer = (status: number, members: object = {}): Answer => ({ status, members: { ...members } })

describe('lib/probe/verdict: EXPECTED', () => {
  const token = `e30.${Buffer.from('{"jti":"1"}').toString('base64url')}.A`

  it.each([
    ['issue', answer(201, { token }), answer(200, { token })],
    ['issue', answer(201, { token }), answer(201, { token: 'e30.e30.A' })],
    ['valid', answer(200, { retCode: 0 }), answer(200, { retCode: '0' })],
    ['valid', answer(200, { retCode: 0 }), answer(500, { retCode: 0 })],
    ['foreign', answer(200, { retCode: 2 }), answer(200, { retCode: 0 })],
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

describe('lib/probe/verdict: causeOf', () => {
  it.each([
    ['issue', answer(401, { code: 'UNAUTHENTICATED' }), 'prober'],
    ['issue', answer(404, { code: 'USER_UNKNOWN' }), 'prober'],
    ['appCube', answer(403, { errorCode: 990004030 }), 'prober'],
    // of API Gateway, which has no code
    ['issue', answer(404, { message: 'Not Found' }), 'stage'],
    ['appCube', answer(503, { message: 'Service Unavailable' }), 'stage'],
    ['appCube', answer(429, { message: 'Too Many Requests' }), 'stage'],
    ['issue', answer(429, { code: 'RATE_EXCEEDED' }), 'stage'],
    ['issue', answer(503, { code: 'UNAVAILABLE' }), 'stage'],
    ['valid', answer(200, { retCode: 5 }), 'stage'],
    ['appCube', { members: {}, unanswered: 'ENOTFOUND' }, 'stage'],
    ['appCube', answer(500, { errorCode: 990005000 }), 'stage'],
    ['appCube', answer(429, { errorCode: 990004290 }), 'vendor'],
    ['appCube', answer(502, { errorCode: 990005020 }), 'vendor'],
    ['appCube', answer(502, { errorCode: 990005023 }), 'vendor'],
    ['appCube', answer(503, { errorCode: 990005035 }), 'vendor'],
    ['appCube', answer(504, { errorCode: 990005040 }), 'vendor'],
    ['issue', answer(503, { errorCode: 990005035 }), 'stage'],
  ] satisfies [Step, Answer, string][])('of %s, answered %j, is the %s', (step, of, cause) => {
    expect(causeOf(step, of)).toBe(cause)
  })
})

describe('lib/probe/verdict: isUnknownKey', () => {
  it.each([
    [answer(401, { code: 'UNAUTHENTICATED' }), true],
    [answer(401, { errorCode: 990004010 }), true],
    [answer(401, { message: 'Unauthorized' }), false],
    [answer(403, { code: 'SCOPE_MISSING' }), false],
  ] satisfies [Answer, boolean][])('of %j is %s', (of, is) => {
    expect(isUnknownKey(of)).toBe(is)
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
