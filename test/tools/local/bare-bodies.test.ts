import { describe, expect, it } from 'vitest'
import { jsonBody } from '../../../lib/http/body.ts'
import { keepBareBody } from '../../../tools/local/bare-bodies.ts'

const kept = (text: string): string => {
  const request = { payload: Buffer.from(text) }
  keepBareBody(request)
  return request.payload.toString()
}

describe('tools/local/bare-bodies', () => {
  it.each(['false', '0', ' -0.0 ', 'null', '""'])(
    'keeps %s from being read by the plugin, and the route reads it',
    (text) => {
      expect(() => JSON.parse(kept(text))).toThrow()
      expect(jsonBody({ body: kept(text) }).value).toEqual(JSON.parse(text))
    },
  )

  it.each(['true', '{}', '{"a":0}', 'nonsense', '', '"a"'])('leaves %s as it is', (text) => {
    expect(kept(text)).toBe(text)
  })
})
