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
        expect(jsonBody({ body: text })).toEqual(JSON.parse(text))
        expect(jsonBody({ body: encoded, isBase64Encoded: true })).toEqual(JSON.parse(text))
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

  it('gives a member named __proto__ as a plain member', () => {
    const value = jsonBody({ body: '{"__proto__":{"admin":true}}' }) as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value)).toEqual(['__proto__'])
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
