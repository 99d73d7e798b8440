import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { fromBody, fromQuery, noInput } from '../../../lib/http/input.ts'
import { eventOf } from '../../support/world.ts'

const SCHEMA = z.strictObject({ channel: z.string('expected a string') })

describe('lib/http/input', () => {
  it('reads the body, and keeps its text as it was written', () => {
    const rawBody = '{ "channel" : "WEB" }'
    expect(fromBody(SCHEMA).read(eventOf({ rawBody }))).toEqual({
      input: { channel: 'WEB' },
      bodyText: rawBody,
    })
  })

  it('reads the query, and nothing of the body', () => {
    expect(fromQuery(SCHEMA).read(eventOf({ query: { channel: 'WEB' }, body: { channel: 7 } }))).toEqual({
      input: { channel: 'WEB' },
      bodyText: '',
    })
  })

  it.each([
    ['the body', () => fromBody(SCHEMA).read(eventOf({ body: {} })), 'BODY_INVALID'],
    ['the query', () => fromQuery(SCHEMA).read(eventOf({ query: {} })), 'QUERY_INVALID'],
    ['a query that is missing', () => fromQuery(SCHEMA).read(eventOf({})), 'QUERY_INVALID'],
    ['a body that is missing', () => fromBody(SCHEMA).read(eventOf({})), 'BODY_MISSING'],
  ])('refuses what is wrong with %s', (_, read, code) => {
    expect(read).toThrow(expect.objectContaining({ code }))
  })

  it.each(['[]', 'null', '"channel"', '7', 'true'])(
    'says to the sender of %s what a body must be',
    (rawBody) => {
      expect(() => fromBody(SCHEMA).read(eventOf({ rawBody }))).toThrow(
        expect.objectContaining({ code: 'BODY_INVALID', message: 'body: expected a JSON object' }),
      )
      expect(fromBody(SCHEMA).read(eventOf({ rawBody: '{"channel":"WEB"}' })).input).toEqual({
        channel: 'WEB',
      })
    },
  )

  it('looks at nothing of a request whose route takes no input', () => {
    expect(noInput.read(eventOf({ rawBody: '{', query: { a: '1' } }))).toEqual({
      input: undefined,
      bodyText: '',
    })
  })
})
