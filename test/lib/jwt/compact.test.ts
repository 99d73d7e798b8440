import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { claimsIn, compactToken, jsonIn } from '../../../lib/jwt/compact.ts'
import { refusals } from '../../../lib/jwt/refusal.ts'

const refuse = refusals('TOKEN')
const LIMITS = { characters: 40, payloadBytes: 6, signatureBytes: 3 }
const part = (text: string) => Buffer.from(text).toString('base64url')
const GOOD = `${part('head')}.${part('body')}.${part('sig')}`

describe('lib/jwt/compact: taking a token apart', () => {
  it('gives the header as it stands, and the payload’s bytes', () => {
    const { text, header, payload } = compactToken(GOOD, LIMITS, refuse)
    expect({ text, header, payload: Buffer.from(payload).toString() }).toEqual({
      text: GOOD,
      header: part('head'),
      payload: 'body',
    })
  })

  it.each([
    ['more characters', 'a'.repeat(41), 'TOKEN_TOO_LARGE'],
    ['a longer payload', `${part('head')}.${part('1234567')}.${part('sig')}`, 'TOKEN_TOO_LARGE'],
    ['a signature of another length', `${GOOD}aaaa`, 'TOKEN_MALFORMED'],
    ['a fourth part', `${GOOD}.`, 'TOKEN_MALFORMED'],
    ['an empty part', `${part('head')}..${part('sig')}`, 'TOKEN_MALFORMED'],
    ['padding', `${part('head')}.${part('body')}==.${part('sig')}`, 'TOKEN_MALFORMED'],
    ['unused bits that are set', `${part('head')}.YR.${part('sig')}`, 'TOKEN_MALFORMED'],
    ['the other alphabet', `${part('head')}.-_+/.${part('sig')}`, 'TOKEN_MALFORMED'],
    ['a line break', `${part('head')}.${part('body')}.${part('sig')}\n`, 'TOKEN_MALFORMED'],
  ])('refuses %s', (_, text, code) => {
    expect(() => compactToken(text, LIMITS, refuse)).toThrow(expect.objectContaining({ code }))
  })

  it('takes any signature but none where the algorithm leaves a choice', () => {
    const { signatureBytes: _, ...free } = LIMITS
    expect(() => compactToken(`${GOOD}aaaa`, free, refuse)).not.toThrow()
    expect(() => compactToken(GOOD.replace(/[^.]*$/, ''), free, refuse)).toThrow(
      expect.objectContaining({ code: 'TOKEN_MALFORMED' }),
    )
  })
})

describe('lib/jwt/compact: reading JSON', () => {
  it.each([
    ['a document', Buffer.from('{"a":"\u00e9"}'), { a: '\u00e9' }],
    ['no document', Buffer.from('{'), undefined],
    ['a byte that is no UTF-8', Buffer.from('"\u00e9"', 'latin1'), undefined],
    ['a byte order mark', Buffer.from('\u{feff}{}'), undefined],
  ])('given %s', (_, bytes, expected) => {
    expect(jsonIn(bytes)).toEqual(expected)
  })

  it('names the claim at fault, and never its value', () => {
    const schema = z.strictObject({ sub: z.string(), exp: z.number() })
    const read = (payload: object) => claimsIn(Buffer.from(JSON.stringify(payload)), schema, refuse)
    expect(read({ sub: 'tom', exp: 1 })).toEqual({ sub: 'tom', exp: 1 })
    expect(() => read({ sub: 'tom', exp: 'soon' })).toThrow(
      expect.objectContaining({
        code: 'TOKEN_CLAIMS_INVALID',
        message: 'expected claim exp as its issuer writes it',
        detail: { field: 'exp' },
      }),
    )
  })
})
