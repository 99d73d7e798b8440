import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { exactlyParsedReply, jsonObject, member, parsedReply } from '../../../lib/outbound/replies.ts'
import { ApplyTokenReply, TokenByAkSkReply } from '../../../lib/vendors/cec/wire.ts'
import { LiveMessageTokenReply } from '../../../lib/vendors/live/wire.ts'
import { OiapTokenReply } from '../../../lib/vendors/oiap/wire.ts'

const answer = (content: unknown) => ({
  text: typeof content === 'string' ? content : JSON.stringify(content),
})

const TOKEN = 'a-token-of-a-vendor'
const LIVE = { AccessToken: TOKEN, AccessTokenExpiredTime: 86_400_000, RefreshToken: `${TOKEN}-2` }

describe('lib/outbound/replies parsedReply', () => {
  it.each([
    [
      'tokenByAkSk',
      TokenByAkSkReply,
      { accessToken: TOKEN, EXPIRES: '600' },
      { AccessToken: TOKEN, Expires: 600 },
    ],
    [
      'applyToken',
      ApplyTokenReply,
      { TOKEN: `"${TOKEN}"`, ResultCode: 0 },
      { token: TOKEN, resultCode: '0' },
    ],
    [
      'getAppCubeToken',
      OiapTokenReply,
      { errorcode: 0, authtoken: TOKEN, ExpireTime: '60' },
      { errorCode: '0', authToken: TOKEN, expireTime: 60 },
    ],
    [
      'GetMessageToken',
      LiveMessageTokenReply,
      {
        requestId: 'R-1',
        result: { accessToken: TOKEN, accesstokenexpiredtime: 86_400_000, refreshtoken: `${TOKEN}-2` },
      },
      { RequestId: 'R-1', Result: LIVE },
    ],
  ] as const)('reads names of %s in another case', (_, schema, content, expected) => {
    expect(parsedReply<unknown>(schema, answer(content))).toEqual(expected)
    // Identity providers' documents are read by the other function
    expect(exactlyParsedReply<unknown>(schema, answer(content))).toBeUndefined()
    expect(exactlyParsedReply<unknown>(schema, answer(expected))).toEqual(expected)
  })

  it('takes the exact spelling before any other', () => {
    const content = { accesstoken: 'another-token', AccessToken: TOKEN, ACCESSTOKEN: 'a-third-token' }
    expect(parsedReply(TokenByAkSkReply, answer(content))).toEqual({ AccessToken: TOKEN })
  })

  it('takes two other spellings at once for none', () => {
    const content = { accesstoken: TOKEN, ACCESSTOKEN: TOKEN }
    expect(parsedReply(TokenByAkSkReply, answer(content))).toBeUndefined()
    // The twin: one of them alone
    expect(parsedReply(TokenByAkSkReply, answer({ accesstoken: TOKEN }))).toEqual({ AccessToken: TOKEN })
  })

  it('sees a failure’s code in another case: a 200 that carries it is none', () => {
    expect(
      parsedReply(LiveMessageTokenReply, answer({ code: 'InternalError', Result: LIVE })),
    ).toBeUndefined()
    expect(parsedReply(LiveMessageTokenReply, answer({ Result: LIVE }))).toEqual({ Result: LIVE })
    expect(parsedReply(ApplyTokenReply, answer({ token: TOKEN, resultcode: '1' }))).toBeUndefined()
  })

  it('finds objects within arrays, and behind every wrapping of a schema', () => {
    const Inner = z.object({ Name: z.string() })
    const schema = z.object({
      List: z.array(Inner),
      Optional: z.optional(Inner),
      Caught: z.catch(Inner, { Name: 'caught' }),
      Transformed: z.pipe(
        Inner,
        z.transform(({ Name }) => Name),
      ),
      Prepared: z.pipe(
        z.transform((value) => value),
        Inner,
      ),
    })
    const inner = { name: 'x' }
    const content = { list: [inner], optional: inner, caught: inner, transformed: inner, prepared: inner }
    const found = { Name: 'x' }
    expect(parsedReply<unknown>(schema, answer(content))).toEqual({
      List: [found],
      Optional: found,
      Caught: found,
      Transformed: 'x',
      Prepared: found,
    })
  })

  it.each([
    ['an array', [{ AccessToken: TOKEN }]],
    ['a string', '"text"'],
    ['null', 'null'],
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['an array where an object is expected', { Result: [LIVE] }],
    ['null where an object is expected', { Result: null }],
    [
      'brackets where a number is expected',
      `{"Result":{"AccessTokenExpiredTime":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
    ],
  ])('does not take %s', (_, content) => {
    expect(parsedReply(LiveMessageTokenReply, answer(content))).toBeUndefined()
    expect(parsedReply(LiveMessageTokenReply, answer({ Result: LIVE }))).toEqual({ Result: LIVE })
  })
})

describe('lib/outbound/replies member', () => {
  it.each([
    ['the exact spelling', { Code: 'x' }, 'x'],
    ['another case', { code: 7 }, 7],
    ['the exact spelling before another case', { CODE: 'y', Code: 'x', code: 'z' }, 'x'],
    ['no two other spellings', { CODE: 'y', code: 'z' }, undefined],
    ['nothing where there is none', { Codes: 'x' }, undefined],
    ['nothing of a prototype', {}, undefined],
    ['nothing that is neither a string nor a number', { Code: ['x'] }, undefined],
    ['nothing of an array', ['Code'], undefined],
  ])('finds %s', (_, content, expected) => {
    expect(member(answer(content), 'Code')).toBe(expected)
    expect(member(answer({}), 'constructor')).toBeUndefined()
  })
})

describe('lib/outbound/replies jsonObject', () => {
  it('survives every depth', () => {
    const deep = `{"a":${'['.repeat(128_000)}${']'.repeat(128_000)}}`
    expect(() => jsonObject({ text: deep })).not.toThrow()
    expect(jsonObject({ text: '['.repeat(256_000) })).toBeUndefined()
    expect(jsonObject({ text: '{"a":[[]]}' })).toEqual({ a: [[]] })
  })
})
