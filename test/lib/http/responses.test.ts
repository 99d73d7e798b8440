import { describe, expect, it } from 'vitest'
import { httpResponse } from '../../../lib/http/responses.ts'

const EXCHANGE = { requestId: 'request-1', answerHeaders: {} }

describe('lib/http/responses', () => {
  it('sends an object as JSON that no cache may keep', () => {
    expect(httpResponse({ status: 201, body: { a: 1 } }, EXCHANGE)).toEqual({
      statusCode: 201,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': 'request-1',
      },
      body: '{"a":1}',
    })
  })

  it('sends a text as it stands: it is JSON already', () => {
    expect(httpResponse({ status: 200, body: '{"n":9007199254740993}' }, EXCHANGE).body).toBe(
      '{"n":9007199254740993}',
    )
  })

  it('lets the answer change the usual headers, and the request’s work change the answer’s', () => {
    const answer = { status: 200, body: {}, headers: { 'cache-control': 'public', 'retry-after': '1' } }
    const exchange = { ...EXCHANGE, answerHeaders: { 'retry-after': '2', 'x-request-id': 'forged' } }
    expect(httpResponse(answer, exchange).headers).toMatchObject({
      'cache-control': 'public',
      'retry-after': '2',
      'x-request-id': 'request-1',
    })
  })
})
