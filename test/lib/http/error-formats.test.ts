import { describe, expect, it } from 'vitest'
import { BridgeError, ERRORS, type ErrorCode } from '../../../lib/errors.ts'
import {
  CEC_VALID,
  cecErrors,
  cecValidateErrors,
  liveErrors,
  oiapErrors,
  ownErrors,
} from '../../../lib/http/error-formats.ts'

const REQUEST = 'request-1'
const error = (code: ErrorCode, detail: object = {}): BridgeError =>
  new BridgeError(code, 'userId: expected a string', { detail })

describe('lib/http/error-formats', () => {
  const malformed = error('BODY_INVALID', { field: 'userId' })

  it.each([
    ['ownErrors', ownErrors, { code: 'BODY_INVALID', message: 'userId: expected a string', field: 'userId' }],
    ['cecErrors', cecErrors, { errorCode: '990004000', exceptionInfo: 'userId: expected a string' }],
    ['oiapErrors', oiapErrors, { errorCode: 990_004_000, errorMsg: 'userId: expected a string' }],
    [
      'liveErrors',
      liveErrors,
      { RequestId: REQUEST, Code: 'TokenBridge.MALFORMED', Message: 'userId: expected a string' },
    ],
  ])('%s words a failure in the terms of its system', (_, format, body) => {
    expect(format(malformed, REQUEST)).toEqual({ status: 400, headers: {}, body })
  })

  describe('ownErrors', () => {
    it.each([
      ['CALLER_UNKNOWN', 401, 'UNAUTHENTICATED', 'expected a valid credential'],
      ['SECRET_MALFORMED', 503, 'UNAVAILABLE', 'not possible at the moment, try again later'],
      [
        'SETTINGS_INVALID',
        500,
        'INTERNAL',
        'something went wrong, quote the request id when you ask about it',
      ],
    ] as const)('hides code, message and field of %s', (code, status, word, message) => {
      expect(ownErrors(error(code, { field: 'keys.0.d' }), REQUEST)).toMatchObject({
        status,
        body: { code: word, message },
      })
      expect(ownErrors(error(code, { field: 'keys.0.d' }), REQUEST).body).not.toHaveProperty('field')
    })

    it('shows the field of no failure of a server', () => {
      expect(ownErrors(error('UPSTREAM_UNEXPECTED', { field: 'token' }), REQUEST).body).toEqual({
        code: 'UPSTREAM_UNEXPECTED',
        message: 'userId: expected a string',
      })
    })
  })

  it('asks for a credential with 401, and says after how long to try again', () => {
    expect(cecErrors(error('CALLER_MISSING'), REQUEST).headers).toEqual({ 'www-authenticate': 'Bearer' })
    expect(cecErrors(error('CHAT_TOKEN_REFUSED'), REQUEST).headers).toEqual({})
    expect(cecErrors(error('RATE_EXCEEDED', { retryAfterSeconds: 7 }), REQUEST).headers).toEqual({
      'retry-after': '7',
    })
  })

  describe('cecValidateErrors', () => {
    it.each([
      ['BODY_INVALID', 1],
      ['BODY_TOO_LARGE', 1],
      ['TOKEN_SIGNATURE_INVALID', 2],
      ['TOKEN_EXPIRED', 3],
      ['TOKEN_USER_DIFFERS', 4],
      ['TOKEN_REVOKED', 5],
      ['DIRECTORY_UNAVAILABLE', 6],
      ['SOURCE_FORBIDDEN', 6],
      ['INTERNAL', 6],
    ] as const)('answers 200 to %s, with retCode %i', (code, retCode) => {
      expect(cecValidateErrors(error(code), REQUEST)).toMatchObject({ status: 200, body: { retCode } })
    })

    it('never takes a failure for a success, and always says something', () => {
      for (const code of Object.keys(ERRORS) as ErrorCode[]) {
        const { body } = cecValidateErrors(error(code), REQUEST)
        expect(body).toMatchObject({ retCode: expect.any(Number), message: expect.stringMatching(/./) })
        expect(body).not.toMatchObject({ retCode: 0 })
      }
      expect(CEC_VALID).toEqual({ body: { retCode: 0, message: 'validate success' } })
    })
  })
})
