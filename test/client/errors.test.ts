import { describe, expect, it } from 'vitest'
import { ClientError, isLasting, plain } from '../../client/src/errors.ts'

describe('client/src/errors', () => {
  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [413, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
    [200, false],
    [undefined, false],
  ])('of status %s: a failure that would come again? %s', (status, expected) => {
    expect(isLasting(new ClientError({ code: 'X', message: 'x', status }))).toBe(expected)
  })

  it('takes no other error for one that would come again', () => {
    expect(isLasting(new TypeError('x'))).toBe(false)
  })

  it('crosses to another tab with all that it says', () => {
    const failure = { code: '990004030', message: 'no', status: 403, retryAfterSeconds: 2, requestId: 'r1' }
    const error = new ClientError(structuredClone(plain(new ClientError(failure))))
    expect(error).toBeInstanceOf(Error)
    expect({ ...error, message: error.message }).toEqual({ ...failure, name: 'ClientError' })
  })

  it('crosses as words alone when it is another error', () => {
    expect(plain(new TypeError('x is not a function'))).toEqual({
      code: 'ANSWER',
      message: 'TypeError: x is not a function',
    })
  })
})
