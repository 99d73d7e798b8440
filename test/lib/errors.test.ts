import { describe, expect, it } from 'vitest'
import { asBridgeError, BridgeError, ERRORS } from '../../lib/errors.ts'

describe('lib/errors: BridgeError', () => {
  it('has the kind of its code, and no detail unless given', () => {
    const error = new BridgeError('TOKEN_EXPIRED', 'expected exp in the future')
    expect(error).toMatchObject({
      name: 'BridgeError',
      code: 'TOKEN_EXPIRED',
      kind: 'expired',
      message: 'expected exp in the future',
      detail: {},
    })
    expect(error).not.toHaveProperty('cause')
  })

  it('keeps the detail and the cause that it is given, an undefined one too', () => {
    const cause = new Error('refused')
    expect(new BridgeError('INTERNAL', 'x', { detail: { field: 'exp' }, cause })).toMatchObject({
      detail: { field: 'exp' },
      cause,
    })
    expect(new BridgeError('INTERNAL', 'x', { cause: undefined })).toHaveProperty('cause', undefined)
  })
})

describe('lib/errors: ERRORS', () => {
  it.each([
    ['TOKEN_', ['not-ours', 'expired', 'mismatch', 'not-admitted']],
    ['CALLER_', ['unauthenticated']],
    ['ACCESS_TOKEN_', ['unauthenticated']],
    ['OIDC_', ['unauthenticated', 'unavailable', 'internal']],
    ['DIRECTORY_', ['unavailable']],
    ['SECRET_', ['unavailable']],
  ])('gives what begins with %s no other kinds', (prefix, kinds) => {
    const codes = Object.entries(ERRORS).filter(
      ([code]) => code.startsWith(prefix) && code !== 'TOKEN_STORE_UNAVAILABLE',
    )
    expect([...new Set(codes.map(([, kind]) => kind))].sort()).toEqual([...kinds].sort())
  })
})

describe('lib/errors: asBridgeError', () => {
  it('returns an error of ours as it is', () => {
    const error = new BridgeError('USER_UNKNOWN', 'x')
    expect(asBridgeError(error)).toBe(error)
  })

  it.each([
    ['an error', new TypeError('quotes data')],
    ['a text', 'thrown'],
    ['nothing', undefined],
  ])('makes INTERNAL of %s, which is its cause and not in its message', (_, thrown) => {
    expect(asBridgeError(thrown)).toMatchObject({
      code: 'INTERNAL',
      kind: 'internal',
      message: 'an unexpected failure',
      cause: thrown,
    })
  })
})
