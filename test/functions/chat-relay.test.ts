import { describe, expect, it } from 'vitest'
import { secret } from '../support/canary.ts'
import { page, relay, standIn, useRelayWorld, world } from '../support/relay-world.ts'
import { message, newChatToken, pollParts, sendParts } from '../support/vendor-world.ts'
import { call, TENANT } from '../support/world.ts'

useRelayWorld()

describe('POST …/ccmessaging/send and GET …/ccmessaging/poll', () => {
  it('carry a message there and the answer back, unchanged', async () => {
    const sent = await call(world, relay, sendParts(world, page.chatToken, { content: 'Grüße <b>"1"</b>' }))
    expect([sent.status, sent.body.resultCode, sent.line.code]).toEqual([200, '0', 'CHAT_RELAYED'])
    const polled = await call(world, relay, pollParts(world, page.chatToken))
    expect(polled.status).toBe(200)
    expect(polled.body.downlinkMessages).toHaveLength(1)
    expect(JSON.stringify(polled.body)).toContain(JSON.stringify('Grüße <b>"1"</b>').slice(1, -1))
  })

  it('share the AccessToken with each other, with applyToken, and with every other sandbox', async () => {
    page.chatToken = await newChatToken(world)
    for (const sandbox of [relay, await world.fresh('chatRelay')]) {
      expect((await call(world, sandbox, sendParts(world, page.chatToken))).status).toBe(200)
      expect((await call(world, sandbox, pollParts(world, page.chatToken))).status).toBe(200)
    }
    expect(world.vendors.cec.calls('tokenByAkSk')).toBe(1)
  })

  it('hand back a renewed chat token in the same header', async () => {
    world.vendors.cec.fail({ fault: 'renewed-chat-token', call: 'send' })
    const { status, headers } = await call(world, relay, sendParts(world, page.chatToken))
    expect(status).toBe(200)
    const renewed = headers['ccmessaging-token'] ?? ''
    expect(renewed).not.toBe(page.chatToken)
    expect((await call(world, relay, sendParts(world, page.chatToken))).line.code).toBe('CHAT_TOKEN_REFUSED')
    page.chatToken = renewed
    expect((await call(world, relay, sendParts(world, page.chatToken))).status).toBe(200)
  })

  it('cut a poll that hangs, with CEC’s own empty answer', async () => {
    await call(world, relay, pollParts(world, page.chatToken))
    world.vendors.cec.fail({ fault: 'silent', call: 'poll' })
    const began = performance.now()
    const { status, body } = await call(world, relay, pollParts(world, page.chatToken))
    expect([status, body]).toEqual([200, { resultCode: '0', resultDesc: '', downlinkMessages: [] }])
    expect(performance.now() - began).toBeLessThan(1_500)
  })

  it.each([
    [
      'no chat token',
      () => ({ ...sendParts(world, ''), headers: world.authorization }),
      401,
      'CHAT_TOKEN_REFUSED',
    ],
    ['a chat token that is none', () => sendParts(world, 'not-a-token'), 401, 'CHAT_TOKEN_REFUSED'],
    ['a chat token with a line break', () => sendParts(world, 'a\r\nx-evil: 1'), 401, 'CHAT_TOKEN_REFUSED'],
    [
      'no caller key',
      () => ({ ...sendParts(world, page.chatToken), headers: { 'ccmessaging-token': page.chatToken } }),
      401,
      'CALLER_MISSING',
    ],
    [
      'a message without from',
      () => ({ ...sendParts(world, page.chatToken), body: { ...message(), from: undefined } }),
      400,
      'BODY_INVALID',
    ],
    [
      'a from with a blank behind',
      () => sendParts(world, page.chatToken, { from: '10010001 ' }),
      400,
      'BODY_INVALID',
    ],
    [
      'a from that is not NFC',
      () => sendParts(world, page.chatToken, { from: 'zoe\u0308' }),
      400,
      'BODY_INVALID',
    ],
    [
      'a receiverId with a zero-width blank',
      () => pollParts(world, page.chatToken, '1001\u200b0001'),
      400,
      'QUERY_INVALID',
    ],
    [
      'a receiverId of 25 characters',
      () => pollParts(world, page.chatToken, '\u5f20'.repeat(25)),
      400,
      'QUERY_INVALID',
    ],
    [
      'a from of 25 characters',
      () => sendParts(world, page.chatToken, { from: 'a'.repeat(25) }),
      400,
      'BODY_INVALID',
    ],
    [
      'an unknown controlType',
      () => sendParts(world, page.chatToken, { controlType: 'SHUTDOWN' }),
      400,
      'BODY_INVALID',
    ],
    [
      'a poll without receiverId',
      () => ({ ...pollParts(world, page.chatToken), query: {} }),
      400,
      'QUERY_INVALID',
    ],
  ])('refuse %s', async (_, parts, status, code) => {
    const answer = await call(world, relay, parts())
    expect([answer.status, answer.line.code]).toEqual([status, code])
    expect((await call(world, relay, sendParts(world, page.chatToken))).status).toBe(200)
  })

  it('ignore parameters of a poll that they do not know, and do not send them on', async () => {
    const { query, ...parts } = pollParts(world, page.chatToken)
    for (const more of [{ _: '1767225600000' }, { x: '1', appKey: 'mine' }]) {
      const answer = await call(world, relay, { ...parts, query: { ...query, ...more } })
      expect([answer.status, answer.line.code]).toEqual([200, 'CHAT_RELAYED'])
    }
  })

  it.each(['+8613800138000', 'tom&co', 'a#b', 'a b', '\u5f20\u4e09', '\u{20000}'.repeat(24)])(
    'carry a chat of the user %s',
    async (userId) => {
      const body = { userId, userName: 'Tom', channelId: 'chat-1', locale: 'en' }
      const applyToken = await world.fresh('applyToken')
      const { body: issued } = await call(world, applyToken, { headers: world.authorization, body })
      secret('chat token', issued.token)
      for (const changes of [{ controlType: 'CONNECT' }, {}]) {
        const sent = await call(world, relay, sendParts(world, issued.token, { from: userId, ...changes }))
        expect(sent.body).toEqual({ resultCode: '0', resultDesc: '' })
      }
      const polled = await call(world, relay, pollParts(world, issued.token, userId))
      expect(polled.body.downlinkMessages).toMatchObject([{ to: userId }])
    },
  )

  it('send nothing of the caller’s but its chat token and its message', async () => {
    const cec = await standIn(() => ({ body: '{"resultCode":"0"}' }))
    const { headers, ...rest } = sendParts(world, page.chatToken)
    const extra = {
      cookie: 'session=1',
      'x-forwarded-for': '1.2.3.4',
      'x-app-key': 'mine',
      'content-type': 'text/plain',
    }
    expect((await call(world, cec.relay, { ...rest, headers: { ...headers, ...extra } })).status).toBe(200)
    expect(Object.keys(cec.heard[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'ccmessaging-token',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'x-app-key',
    ])
    expect(cec.heard[0]?.headers).toMatchObject({
      'ccmessaging-token': page.chatToken,
      'x-app-key': world.vendors.tenantSecrets(TENANT).cec.appKey,
      'content-type': 'application/json',
      connection: 'close',
    })
  })

  it.each([
    ['whole numbers beyond a double', '"msgId":1192715994825625601'],
    ['numbers beyond every double', '"big":1e400,"small":-1e-400'],
    ['a negative zero and a written fraction', '"zero":-0,"one":1.0'],
    ['a member named __proto__', '"__proto__":{"polluted":true}'],
    ['escapes and blanks as they are', '"text" : "\\u0041\\/é"'],
    ['the same at any depth', '"transData":{"list":[{"id":9007199254740993}]}'],
  ])('pass %s as they were written, in both directions', async (_, member) => {
    const cec = await standIn(() => ({ body: `{"resultCode":"0",${member}}` }))
    const rawBody = JSON.stringify(message()).replace(/}$/, `,${member}}`)
    const { body: __, ...rest } = sendParts(world, page.chatToken)
    const answer = await call(world, cec.relay, { ...rest, rawBody })
    expect([answer.status, answer.text]).toEqual([200, `{"resultCode":"0",${member}}`])
    expect(cec.heard[0]?.body).toBe(rawBody)
  })

  it.each([
    ['from', '"from":"victim","from":'],
    ['from with an escape', '"\\u0066rom":"victim","from":'],
    ['a member of a member', '"transData":{"a":1,"a":2},"from":'],
  ])('send no message that gives %s twice', async (_, twice) => {
    const cec = await standIn(() => ({ body: '{"resultCode":"0"}' }))
    const { body: __, ...rest } = sendParts(world, page.chatToken)
    const text = JSON.stringify(message())
    const refused = await call(world, cec.relay, { ...rest, rawBody: text.replace('"from":', twice) })
    expect([refused.status, refused.line.code, cec.heard]).toEqual([400, 'BODY_MEMBER_REPEATED', []])
    expect((await call(world, cec.relay, { ...rest, rawBody: text })).status).toBe(200)
  })

  it.each(['From', 'FROM', 'fRoM'])('refuse another spelling of from: %s', async (name) => {
    const { status, line } = await call(world, relay, sendParts(world, page.chatToken, { [name]: 'victim' }))
    expect([status, line.code, line.field]).toEqual([400, 'BODY_INVALID', 'from'])
  })

  it('keep a good AccessToken when somebody comes with a dead chat token and no new one is to be had', async () => {
    let at = Date.now()
    const sandbox = await world.fresh('chatRelay', { now: () => new Date(at) })
    expect((await call(world, sandbox, sendParts(world, page.chatToken))).status).toBe(200)
    at += 61_000
    world.vendors.cec.fail({ fault: 'html-403', call: 'tokenByAkSk', times: 'always' })
    expect((await call(world, sandbox, sendParts(world, 'not-a-token'))).line.code).toBe('CHAT_TOKEN_REFUSED')
    expect((await call(world, sandbox, sendParts(world, page.chatToken))).status).toBe(200)
    for (let i = 0; i < 5; i++) await call(world, sandbox, sendParts(world, 'not-a-token'))
    expect(world.vendors.cec.calls('tokenByAkSk')).toBe(2)
    world.vendors.cec.clearFaults()
  })

  it('hand on an answer that was compressed or marked as plain text, so that no page must know', async () => {
    for (const fault of ['gzip', 'br', 'deflate', 'bom'] as const) {
      world.vendors.cec.fail({ fault, call: 'send' })
      const { status, body, headers } = await call(world, relay, sendParts(world, page.chatToken))
      expect([status, body]).toEqual([200, { resultCode: '0', resultDesc: '' }])
      expect(headers).not.toHaveProperty('content-encoding')
    }
  })

  it.each([
    [
      'with escapes',
      (secret: string) =>
        `{"a":"${[...secret].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}"}`,
    ],
    [
      'within base64',
      (secret: string) => JSON.stringify({ a: Buffer.from(`xx${secret}yy`).toString('base64') }),
    ],
    ['URL-encoded', (secret: string) => JSON.stringify({ a: [`k=${encodeURIComponent(secret)}`] })],
    ['as a member name', (secret: string) => JSON.stringify({ [secret]: 1 })],
    [
      'in the first of two members of one name',
      (secret: string) => `{"a":${JSON.stringify(secret)},"a":"harmless"}`,
    ],
    [
      'below 128,000 brackets',
      (secret: string) => `{"a":${'['.repeat(128_000)}${JSON.stringify(secret)}${']'.repeat(128_000)}}`,
    ],
  ])('pass no answer that repeats a secret %s', async (_, bodyWith) => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).cec
    world.vendors.cec.fail({ fault: 'reply', call: 'send', body: bodyWith(appSecret) })
    const { status, line } = await call(world, relay, sendParts(world, page.chatToken))
    expect([status, line.code, line.reason]).toEqual([502, 'UPSTREAM_UNEXPECTED', 'repeats a secret'])
    world.vendors.cec.fail({ fault: 'reply', call: 'send', body: bodyWith('something-else-entirely') })
    expect((await call(world, relay, sendParts(world, page.chatToken))).status).toBe(200)
  })
})

describe('an answer that is not UTF-8', () => {
  it('is refused rather than rewritten', async () => {
    const cec = await standIn(() => ({ bytes: Buffer.from('{"resultCode":"0","c":"\xe9"}', 'latin1') }))
    const { status, line } = await call(world, cec.relay, sendParts(world, page.chatToken))
    expect([status, line.code, line.reason]).toEqual([502, 'UPSTREAM_UNEXPECTED', 'not UTF-8'])
    const good = await standIn(() => ({ bytes: Buffer.from('{"resultCode":"0","c":"\ufffd"}') }))
    expect((await call(world, good.relay, sendParts(world, page.chatToken))).status).toBe(200)
  })
})

describe('a poll', () => {
  it('hangs no longer than it may, repeats included', async () => {
    const cec = await standIn(() => ({ status: 503, afterMs: 200 }))
    const began = performance.now()
    await call(world, cec.relay, pollParts(world, page.chatToken))
    // three times 200 ms would be over the 300 ms that it may hang
    expect(cec.heard.length).toBeLessThanOrEqual(2)
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})
