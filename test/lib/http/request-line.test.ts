import { describe, expect, it } from 'vitest'
import { BridgeError, type ErrorCode } from '../../../lib/errors.ts'
import { exchangeOf } from '../../../lib/http/exchange.ts'
import { requestLine } from '../../../lib/http/request-line.ts'
import { contextWith, eventOf } from '../../support/world.ts'

const ROUTE = { name: 'putUser', success: { status: 200, code: 'USER_WRITTEN' } } as const
const lineOf = (failure?: BridgeError, parts: Parameters<typeof eventOf>[0] = {}, noted: object[] = []) => {
  const exchange = exchangeOf(eventOf(parts), contextWith())
  exchange.fields.push(...noted)
  return requestLine(ROUTE, exchange, { status: failure === undefined ? 200 : 400, failure })
}
const failed = (code: ErrorCode) => new BridgeError(code, 'text', { detail: { field: 'userId' } })

describe('lib/http/request-line', () => {
  it('says function, request, status, duration, size and source of a success', () => {
    expect(lineOf(undefined, { body: { a: 1 }, sourceIp: '2001:db8::1' })).toEqual([
      'INFO',
      {
        code: 'USER_WRITTEN',
        function: 'putUser',
        requestId: expect.stringMatching(/^[0-9a-f]{16}$/),
        status: 200,
        durationMs: expect.any(Number),
        bodyBytes: 7,
        sourceIp: '2001:db8::1',
      },
    ])
  })

  it.each([
    ['BODY_INVALID', 'INFO'],
    ['UPSTREAM_CREDENTIAL', 'WARN'],
    ['SECRET_UNAVAILABLE', 'ERROR'],
  ] as const)('writes %s at level %s, with what the error says of it', (code, level) => {
    expect(lineOf(failed(code))).toMatchObject([level, { code, status: 400, field: 'userId' }])
  })

  it('names an unforeseen error and its place, never its message', () => {
    const cause = new RangeError('quotes something private')
    const line = lineOf(new BridgeError('INTERNAL', 'an unexpected failure', { cause }))
    expect(line).toMatchObject(['ERROR', { code: 'INTERNAL', errorName: 'RangeError' }])
    expect(JSON.stringify(line)).not.toContain('private')
  })

  it('lets later notes stand over earlier ones', () => {
    const [, fields] = lineOf(undefined, {}, [{ userId: 'a', jti: 'j' }, { userId: 'b' }])
    expect(fields).toMatchObject({ userId: 'b', jti: 'j' })
  })

  it('writes a source that is an address, and no other text', () => {
    expect(lineOf(undefined, { sourceIp: '192.0.2.1' })[1]).toHaveProperty('sourceIp', '192.0.2.1')
    expect(lineOf(undefined, { sourceIp: '192.0.2.1 {"code":"X"}' })[1]).not.toHaveProperty('sourceIp')
  })
})
