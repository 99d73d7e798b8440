import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { bodyBytes, jsonBody } from '../../../lib/http/body.ts'

const codeOf = (body: string, isBase64Encoded = false): string => {
  try {
    jsonBody({ body, isBase64Encoded })
    return 'accepted'
  } catch (error) {
    return error instanceof BridgeError ? error.code : String(error)
  }
}

describe('lib/http/body: jsonBody', () => {
  it('gives what JSON.parse gives for any JSON of allowed depth, plain or base64', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const encoded = Buffer.from(text).toString('base64')
        expect(jsonBody({ body: text })).toEqual({ text, value: JSON.parse(text) })
        expect(jsonBody({ body: encoded, isBase64Encoded: true })).toEqual({ text, value: JSON.parse(text) })
      }),
    )
  })

  it('never throws anything but a BridgeError of kind malformed or too-large', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (body, isBase64Encoded) => {
        expect(codeOf(body, isBase64Encoded)).toMatch(/^(accepted|BODY_[A-Z0-9_]+)$/)
      }),
    )
  })

  it.each([
    ['16 KiB of text', `"${'a'.repeat(16_382)}"`, false, 'accepted'],
    ['one byte more', `"${'a'.repeat(16_383)}"`, false, 'BODY_TOO_LARGE'],
    ['16 KiB of two-byte letters', `"${'é'.repeat(8_191)}"`, false, 'accepted'],
    ['16,386 bytes in fewer characters', `"${'é'.repeat(8_192)}"`, false, 'BODY_TOO_LARGE'],
    ['16 KiB as base64', Buffer.from(`"${'a'.repeat(16_382)}"`).toString('base64'), true, 'accepted'],
    [
      'one byte more as base64',
      Buffer.from(`"${'a'.repeat(16_383)}"`).toString('base64'),
      true,
      'BODY_TOO_LARGE',
    ],
    ['base64 far beyond, not decoded at all', 'A'.repeat(21_849), true, 'BODY_TOO_LARGE'],
    ['16 levels', `${'['.repeat(16)}${']'.repeat(16)}`, false, 'accepted'],
    ['17 levels', `${'['.repeat(17)}${']'.repeat(17)}`, false, 'BODY_TOO_DEEP'],
    ['17 levels of objects', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`, false, 'BODY_TOO_DEEP'],
    ['brackets in a string', JSON.stringify('['.repeat(100)), false, 'accepted'],
    ['brackets behind an escaped quote', JSON.stringify(`"${'['.repeat(100)}`), false, 'accepted'],
    ['brackets behind an escaped backslash', `["\\\\",${'['.repeat(20)}`, false, 'BODY_TOO_DEEP'],
    ['nothing but brackets', '['.repeat(16_000), false, 'BODY_TOO_DEEP'],
  ])('takes or refuses %s', (_, body, isBase64Encoded, expected) => {
    expect(codeOf(body, isBase64Encoded)).toBe(expected)
  })

  it('takes more, and less, by a limit of the route’s own, whose code and words it then throws', () => {
    const limit = { bytes: 20_000, code: 'FILE_TOO_LARGE', message: 'body: expected 20,000 bytes' } as const
    const read = (bytes: number, isBase64Encoded: boolean) => {
      const text = `"${'a'.repeat(bytes - 2)}"`
      const body = isBase64Encoded ? Buffer.from(text).toString('base64') : text
      return () => jsonBody({ body, isBase64Encoded }, limit)
    }
    for (const isBase64Encoded of [false, true]) {
      expect(read(20_000, isBase64Encoded)).not.toThrow()
      expect(read(20_001, isBase64Encoded)).toThrow(
        expect.objectContaining({ code: 'FILE_TOO_LARGE', message: 'body: expected 20,000 bytes' }),
      )
    }
  })

  it('gives a member named __proto__ as a plain member', () => {
    const value = jsonBody({ body: '{"__proto__":{"admin":true}}' }).value as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value)).toEqual(['__proto__'])
  })

  it.each([
    ['at the top', '{"a":1,"a":2}', '{"a":1,"b":2}'],
    ['with an escape in one of the names', '{"from":1,"\\u0066rom":2}', '{"from":1,"\\u0066ron":2}'],
    ['with the same value', '{"a":1,"a":1}', '{"a":1}'],
    ['deep inside', '{"x":[{"y":{"a":1,"a":2}}]}', '{"x":[{"y":{"a":1}},{"y":{"a":2}}]}'],
    ['named __proto__', '{"__proto__":1,"__proto__":2}', '{"__proto__":1}'],
    ['behind a string with braces and quotes', '{"s":"}{\\",\\"a\\":","a":1,"a":2}', '{"s":"a","a":"a"}'],
    ['with blanks before the colon', '{"a" :1,"a"\n:2}', '{"a" :"a"}'],
    ['with an empty name', '{"":1,"":2}', '{"":""}'],
  ])('refuses a member given twice %s, and takes it once', (_, twice, once) => {
    expect(codeOf(twice)).toBe('BODY_MEMBER_REPEATED')
    expect(codeOf(once)).toBe('accepted')
  })

  it('gives the text as it was written, without a byte order mark', () => {
    const text = '{"msgId":1192715994825625601,"a":1e400,"b":-0,"c":1.0}'
    expect(jsonBody({ body: `\ufeff${text}` }).text).toBe(text)
    expect(jsonBody({ body: text }).text).toBe(text)
  })

  it('quotes nothing of the body in its errors', () => {
    expect(() => jsonBody({ body: '{"k":secretive' })).toThrow(/^body: expected JSON$/)
  })
})

describe('lib/http/body: bodyBytes', () => {
  it.each([
    [{}, 0],
    [{ body: null }, 0],
    [{ body: 'é' }, 2],
    [{ body: 'w6k=', isBase64Encoded: true }, 2],
  ])('counts bytes as sent: %j', (raw, expected) => {
    expect(bodyBytes(raw)).toBe(expected)
  })
})
