import { describe, expect, it } from 'vitest'
import { withBodyKey } from '../../../lib/http/body-key.ts'

const KEY = `ctb_${'a'.repeat(43)}`
const MEMBER = { name: 'appSecret', otherwise: "appSecret: not the vendor's" }
const moved = (body: string, headers: Record<string, string> = {}) =>
  withBodyKey(headers, { body, isBase64Encoded: false }, MEMBER)
const HEADER = { Authorization: 'Bearer x' }

describe('lib/http/body-key', () => {
  it('moves a caller key of the body into the header that is missing', () => {
    expect(moved(JSON.stringify({ appSecret: KEY }), { 'x-other': '1' })).toEqual({
      'x-other': '1',
      authorization: `Bearer ${KEY}`,
    })
  })

  it('reads a body that came as base64', () => {
    const body = Buffer.from(JSON.stringify({ appSecret: KEY })).toString('base64')
    expect(withBodyKey({}, { body, isBase64Encoded: true }, MEMBER)).toEqual({
      authorization: `Bearer ${KEY}`,
    })
  })

  it.each([
    ['without the member', '{}'],
    ['whose member is no string', '{"appSecret":7}'],
    ['that is no object', 'null'],
    ['that is no JSON', '{'],
    ['that gives it twice', `{"appSecret":"${KEY}","appSecret":"${KEY}"}`],
    ['that is too large', JSON.stringify({ appSecret: KEY, more: 'x'.repeat(17_000) })],
  ])('says nothing of a body %s: the check of the input will', (_, body) => {
    expect(moved(body)).toEqual({})
    expect(moved(body, HEADER)).toEqual(HEADER)
  })

  it('refuses a caller key in both places, whatever the case of the header, and takes it in one', () => {
    const body = JSON.stringify({ appSecret: KEY })
    for (const header of ['authorization', 'Authorization', 'AUTHORIZATION'])
      expect(() => moved(body, { [header]: 'Bearer x' })).toThrow(
        expect.objectContaining({
          code: 'BODY_INVALID',
          message: 'appSecret: expected the caller key in one place, here or as Authorization',
        }),
      )
    expect(moved(body)).toEqual({ authorization: `Bearer ${KEY}` })
  })

  it('refuses any other value where there is no header, and leaves it to the input where there is one', () => {
    const body = JSON.stringify({ appSecret: 'private' })
    expect(() => moved(body)).toThrow(
      expect.objectContaining({ code: 'BODY_INVALID', detail: { field: 'appSecret' } }),
    )
    expect(() => moved(body)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('private') }),
    )
    expect(moved(body, HEADER)).toEqual(HEADER)
  })
})
