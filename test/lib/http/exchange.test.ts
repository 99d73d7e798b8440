import { describe, expect, it } from 'vitest'
import { exchangeOf, headerOf } from '../../../lib/http/exchange.ts'
import { contextWith, eventOf } from '../../support/world.ts'

/** Of the deadline, so that answer and log line still get out. */
const RESERVE_MS = 500

describe('lib/http/exchange', () => {
  it('takes id and time from the context, and begins with nothing noted', () => {
    const context = contextWith(10_000)
    const { requestId, deadline, fields, answerHeaders } = exchangeOf(eventOf({}), context)
    expect(requestId).toBe(context.awsRequestId)
    expect(deadline.remainingMs()).toBeGreaterThan(9_000 - RESERVE_MS)
    expect(deadline.remainingMs()).toBeLessThanOrEqual(10_000 - RESERVE_MS)
    expect({ fields, answerHeaders }).toEqual({ fields: [], answerHeaders: {} })
  })

  it('finds a header whatever its case, and none in an event without headers', () => {
    expect(headerOf(eventOf({ headers: { 'X-Refused-Token': 'a' } }), 'x-refused-token')).toBe('a')
    expect(headerOf(eventOf({}), 'x-refused-token')).toBeUndefined()
    const { headers, ...without } = eventOf({})
    expect(headers).toBeDefined()
    expect(headerOf(without as ReturnType<typeof eventOf>, 'content-type')).toBeUndefined()
  })
})
