import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import {
  message,
  newChatToken,
  pollParts,
  sendParts,
  startVendorWorld,
  type VendorWorld,
} from '../support/vendor-world.ts'
import { call, TENANT } from '../support/world.ts'

let world: VendorWorld
let chatToken: string
let relay: HttpHandler

beforeAll(async () => {
  world = await startVendorWorld({ cec: { pollMs: 50 } })
  chatToken = await newChatToken(world)
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clearTokens()
  relay = await world.fresh('chatRelay')
  world.vendors.cec.resetCalls()
})

describe('POST …/ccmessaging/send and GET …/ccmessaging/poll', () => {
  it('carry a message there and the answer back, unchanged', async () => {
    const sent = await call(world, relay, sendParts(world, chatToken, { content: 'Grüße <b>"1"</b>' }))
    expect([sent.status, sent.body.resultCode, sent.line.code]).toEqual([200, '0', 'CHAT_RELAYED'])
    const polled = await call(world, relay, pollParts(world, chatToken))
    expect(polled.status).toBe(200)
    expect(polled.body.downlinkMessages).toHaveLength(1)
    expect(JSON.stringify(polled.body)).toContain(JSON.stringify('Grüße <b>"1"</b>').slice(1, -1))
  })

  it('share the AccessToken with each other, with applyToken, and with every other sandbox', async () => {
    chatToken = await newChatToken(world)
    for (const sandbox of [relay, await world.fresh('chatRelay')]) {
      expect((await call(world, sandbox, sendParts(world, chatToken))).status).toBe(200)
      expect((await call(world, sandbox, pollParts(world, chatToken))).status).toBe(200)
    }
    expect(world.vendors.cec.calls('tokenByAkSk')).toBe(1)
  })

  it('hand back a renewed chat token in the same header', async () => {
    world.vendors.cec.fail({ fault: 'renewed-chat-token', call: 'send' })
    const { status, headers } = await call(world, relay, sendParts(world, chatToken))
    expect(status).toBe(200)
    const renewed = headers['ccmessaging-token'] ?? ''
    expect(renewed).not.toBe(chatToken)
    expect((await call(world, relay, sendParts(world, chatToken))).line.code).toBe('CHAT_TOKEN_REFUSED')
    chatToken = renewed
    expect((await call(world, relay, sendParts(world, chatToken))).status).toBe(200)
  })

  it('cut a poll that hangs, with CEC’s own empty answer', async () => {
    await call(world, relay, pollParts(world, chatToken))
    world.vendors.cec.fail({ fault: 'silent', call: 'poll' })
    const began = performance.now()
    const { status, body } = await call(world, relay, pollParts(world, chatToken))
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
      () => ({ ...sendParts(world, chatToken), headers: { 'ccmessaging-token': chatToken } }),
      401,
      'CALLER_MISSING',
    ],
    [
      'a message without from',
      () => ({ ...sendParts(world, chatToken), body: { ...message(), from: undefined } }),
      400,
      'BODY_INVALID',
    ],
    [
      'a from with a blank behind',
      () => sendParts(world, chatToken, { from: '10010001 ' }),
      400,
      'BODY_INVALID',
    ],
    ['a from that is not NFC', () => sendParts(world, chatToken, { from: 'zoe\u0308' }), 400, 'BODY_INVALID'],
    [
      'a receiverId with a zero-width blank',
      () => pollParts(world, chatToken, '1001\u200b0001'),
      400,
      'QUERY_INVALID',
    ],
    [
      'a receiverId of 25 characters',
      () => pollParts(world, chatToken, '\u5f20'.repeat(25)),
      400,
      'QUERY_INVALID',
    ],
    [
      'a from of 25 characters',
      () => sendParts(world, chatToken, { from: 'a'.repeat(25) }),
      400,
      'BODY_INVALID',
    ],
    [
      'an unknown controlType',
      () => sendParts(world, chatToken, { controlType: 'SHUTDOWN' }),
      400,
      'BODY_INVALID',
    ],
    [
      'a poll without receiverId',
      () => ({ ...pollParts(world, chatToken), query: {} }),
      400,
      'QUERY_INVALID',
    ],
  ])('refuse %s', async (_, parts, status, code) => {
    const answer = await call(world, relay, parts())
    expect([answer.status, answer.line.code]).toEqual([status, code])
    expect((await call(world, relay, sendParts(world, chatToken))).status).toBe(200)
  })

  it('ignore parameters of a poll that they do not know, and do not send them on', async () => {
    const { query, ...parts } = pollParts(world, chatToken)
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
    const heard: { headers: IncomingHttpHeaders; body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        heard.push({ headers: request.headers, body })
        response.end('{"resultCode":"0"}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    world.putSettings('cec', { chatUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cc` })
    const { headers, ...rest } = sendParts(world, chatToken)
    const extra = {
      cookie: 'session=1',
      'x-forwarded-for': '1.2.3.4',
      'x-app-key': 'mine',
      'content-type': 'text/plain',
    }
    const rawBody = JSON.stringify(message()).replace('"from":', '"from":"victim","from":')
    const parts = { ...rest, body: undefined, rawBody, headers: { ...headers, ...extra } }
    expect((await call(world, await world.fresh('chatRelay'), parts)).status).toBe(200)
    expect(Object.keys(heard[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'authorization',
      'ccmessaging-token',
      'connection',
      'content-length',
      'content-type',
      'host',
      'x-app-key',
    ])
    expect(heard[0]?.headers).toMatchObject({
      'ccmessaging-token': chatToken,
      'x-app-key': world.vendors.tenantSecrets(TENANT).cec.appKey,
      'content-type': 'application/json',
      connection: 'close',
    })
    expect(heard[0]?.body).not.toContain('victim')
    server.closeAllConnections()
    server.close()
    world.putSettings('cec')
  })

  it.each(['From', 'FROM', 'fRoM'])('refuse another spelling of from: %s', async (name) => {
    const { status, line } = await call(world, relay, sendParts(world, chatToken, { [name]: 'victim' }))
    expect([status, line.code, line.field]).toEqual([400, 'BODY_INVALID', 'from'])
  })

  it('keep a good AccessToken when somebody comes with a dead chat token and no new one is to be had', async () => {
    let at = Date.now()
    const sandbox = await world.fresh('chatRelay', { now: () => new Date(at) })
    expect((await call(world, sandbox, sendParts(world, chatToken))).status).toBe(200)
    at += 61_000
    world.vendors.cec.fail({ fault: 'html-403', call: 'tokenByAkSk', times: 'always' })
    expect((await call(world, sandbox, sendParts(world, 'not-a-token'))).line.code).toBe('CHAT_TOKEN_REFUSED')
    expect((await call(world, sandbox, sendParts(world, chatToken))).status).toBe(200)
    for (let i = 0; i < 5; i++) await call(world, sandbox, sendParts(world, 'not-a-token'))
    expect(world.vendors.cec.calls('tokenByAkSk')).toBe(2)
    world.vendors.cec.clearFaults()
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
  ])('pass no answer that repeats a secret %s', async (_, bodyWith) => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).cec
    world.vendors.cec.fail({ fault: 'reply', call: 'send', body: bodyWith(appSecret) })
    const { status, line } = await call(world, relay, sendParts(world, chatToken))
    expect([status, line.code, line.reason]).toEqual([502, 'UPSTREAM_UNEXPECTED', 'repeats a secret'])
    world.vendors.cec.fail({ fault: 'reply', call: 'send', body: bodyWith('something-else-entirely') })
    expect((await call(world, relay, sendParts(world, chatToken))).status).toBe(200)
  })
})
