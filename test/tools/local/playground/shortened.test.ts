import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  shortenedBody,
  shortenedHeaders,
  shortenedPath,
  shortenedText,
} from '../../../../tools/local/playground/shortened.ts'
import { expectClean, leaksIn, secret } from '../../../support/canary.ts'

const random = () => randomBytes(32).toString('base64url')
const token = secret('token', random())
const CUT = /^.{6}… \(43 characters, SHA-256 [0-9a-f]{8}…\)$/

describe('tools/local/playground/shortened', () => {
  it('shows a text whose member is listed as it is', () => {
    expect(shortenedText('userName', '张三')).toBe('张三')
    expect(shortenedText('content', 'Good morning, what about my order?')).toMatch(/order\?$/)
  })

  it('cuts a text whose member is not listed, so that the same one is recognised', () => {
    expect(shortenedText('authToken', token)).toMatch(CUT)
    expect(shortenedText('anything', token)).toBe(shortenedText('authToken', token))
    expect(shortenedText('authToken', random())).not.toBe(shortenedText('authToken', token))
  })

  it.each(['appSecret', 'accessKeySecret', 'password', 'app_sign', 'Signature'])(
    'shows nothing of %s but its length',
    (name) => {
      expect(shortenedText(name, token)).toBe('… (43 characters)')
    },
  )

  it('shows nothing of a short text that is not listed', () => {
    expect(shortenedText('unknown', 'hunter2')).toBe('… (7 characters)')
  })

  it('cuts at any depth of a body, and keeps its numbers', () => {
    const body = { Result: { AccessToken: token, AccessTokenExpiredTime: 86400 }, list: [token], ok: true }
    expect(shortenedBody(JSON.stringify(body))).toEqual({
      Result: { AccessToken: expect.stringMatching(CUT), AccessTokenExpiredTime: 86400 },
      list: [expect.stringMatching(CUT)],
      ok: true,
    })
    expect(shortenedBody(Buffer.from(JSON.stringify(body)))).toEqual(shortenedBody(body))
  })

  it('shows 12 levels of a body, however deep it is', () => {
    const deep = '['.repeat(3000) + ']'.repeat(3000)
    expect(JSON.stringify(shortenedBody(deep))).toBe(`${'['.repeat(12)}"… (deeper)"${']'.repeat(12)}`)
    expect(shortenedBody(JSON.parse(deep))).toEqual(shortenedBody(deep))
  })

  it('shows 500 values of a body, however wide it is', () => {
    const list = Array.from({ length: 501 }, () => 0)
    expect(shortenedBody(list.slice(1))).toEqual(list.slice(1))
    expect(shortenedBody(list)).toEqual([...list.slice(1), '… (1 more)'])
    const members = Object.fromEntries(list.map((zero, nth) => [`m${nth}`, zero]))
    const { m500, ...shown } = members
    expect(shortenedBody(members)).toEqual({ ...shown, '…': '… (1 more)' })
    expect(shortenedBody({ list, userName: 'Tom' })).toEqual({
      list: [...list.slice(3), '… (3 more)'],
      userName: 'Tom',
    })
  })

  it('cuts long names, long texts and long bodies, listed or not', () => {
    expect(shortenedBody({ [token]: 0 })).toEqual({ [shortenedText('', token)]: 0 })
    expect(shortenedText('content', 'a'.repeat(4096))).toHaveLength(4096)
    expect(shortenedText('content', 'a'.repeat(4097))).toMatch(/^a{6}… \(4097 characters/)
    expect(shortenedBody(JSON.stringify({ channelId: '', rest: '1'.repeat(256 * 1024) }))).toMatch(
      /^\{"chan… \(262170 characters/,
    )
  })

  it.each([
    ['', undefined],
    [undefined, undefined],
    [null, undefined],
    ['plain', '… (5 characters)'],
  ])('makes %j of the body %j', (body, expected) => {
    expect(shortenedBody(body)).toEqual(expected)
  })

  it('leaves out all headers that are not listed, and cuts the credential behind its scheme', () => {
    const headers = {
      cookie: token,
      'x-unknown': token,
      authorization: `Bearer ${token}`,
      'ccmessaging-token': token,
      prefer: 'wait=25',
    }
    expect(shortenedHeaders(headers)).toEqual({
      authorization: expect.stringMatching(/^Bearer .{6}… \(43 characters/),
      'ccmessaging-token': expect.stringMatching(CUT),
      prefer: 'wait=25',
    })
    expect(shortenedHeaders({ authorization: token })['authorization']).toMatch(CUT)
  })

  it('cuts the values of a query', () => {
    expect(shortenedPath('/poll?receiverId=10010001&channel=WEB')).toBe(
      '/poll?receiverId=10010001&channel=WEB',
    )
    expect(shortenedPath(`/?Token=${token}`)).toMatch(/^\/\?Token=.{6}… \(43 characters/)
    expect(shortenedPath('/users')).toBe('/users')
  })

  it('lets no token through in any of these places, where the canary finds a whole one', () => {
    const shown = [
      shortenedBody({ deep: [{ token }], [token.slice(0, 5)]: token }),
      shortenedBody(token),
      shortenedHeaders({ authorization: `ACS3-HMAC-SHA256 Credential=x,Signature=${token}`, cookie: token }),
      shortenedPath(`/a?b=${token}&c=${token}`),
    ]
    expectClean('what is shown', JSON.stringify(shown))
    expect(leaksIn(JSON.stringify({ token }))).not.toEqual([])
  })
})
