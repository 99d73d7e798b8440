import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import { startStandIn } from '../support/stand-in.ts'
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

/** A server in CEC's place for the chat calls alone, and a relay that asks it. */
const standIn = async (answerTo: Parameters<typeof startStandIn>[0]) => {
  const { url, heard } = await startStandIn(answerTo)
  world.putSettings('cec', { chatUrl: `${url}/cc` })
  onTestFinished(() => world.putSettings('cec'))
  return { heard, relay: await world.fresh('chatRelay') }
}

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
    const cec = await standIn(() => ({ body: '{"resultCode":"0"}' }))
    const { headers, ...rest } = sendParts(world, chatToken)
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
      'ccmessaging-token': chatToken,
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
    const { body: __, ...rest } = sendParts(world, chatToken)
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
    const { body: __, ...rest } = sendParts(world, chatToken)
    const text = JSON.stringify(message())
    const refused = await call(world, cec.relay, { ...rest, rawBody: text.replace('"from":', twice) })
    expect([refused.status, refused.line.code, cec.heard]).toEqual([400, 'BODY_MEMBER_REPEATED', []])
    expect((await call(world, cec.relay, { ...rest, rawBody: text })).status).toBe(200)
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

  it('hand on an answer that was compressed or marked as plain text, so that no page must know', async () => {
    for (const fault of ['gzip', 'br', 'deflate', 'bom'] as const) {
      world.vendors.cec.fail({ fault, call: 'send' })
      const { status, body, headers } = await call(world, relay, sendParts(world, chatToken))
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
    const { status, line } = await call(world, relay, sendParts(world, chatToken))
    expect([status, line.code, line.reason]).toEqual([502, 'UPSTREAM_UNEXPECTED', 'repeats a secret'])
    world.vendors.cec.fail({ fault: 'reply', call: 'send', body: bodyWith('something-else-entirely') })
    expect((await call(world, relay, sendParts(world, chatToken))).status).toBe(200)
  })
})

interface Broken {
  readonly body: string
  readonly encoding?: string
}

describe('an answer that is not UTF-8', () => {
  it('is refused rather than rewritten', async () => {
    const cec = await standIn(() => ({ bytes: Buffer.from('{"resultCode":"0","c":"\xe9"}', 'latin1') }))
    const { status, line } = await call(world, cec.relay, sendParts(world, chatToken))
    expect([status, line.code, line.reason]).toEqual([502, 'UPSTREAM_UNEXPECTED', 'not UTF-8'])
    const good = await standIn(() => ({ bytes: Buffer.from('{"resultCode":"0","c":"\ufffd"}') }))
    expect((await call(world, good.relay, sendParts(world, chatToken))).status).toBe(200)
  })
})

describe('a poll', () => {
  it('hangs no longer than it may, repeats included', async () => {
    const cec = await standIn(() => ({ status: 503, afterMs: 200 }))
    const began = performance.now()
    await call(world, cec.relay, pollParts(world, chatToken))
    // three times 200 ms would be over the 300 ms that it may hang
    expect(cec.heard.length).toBeLessThanOrEqual(2)
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})

describe('a chat token that CEC renews', () => {
  const RENEWED = 'renewed-token-of-this-chat'
  const GOOD = '{"resultCode":"0"}'
  const AUTH_FAIL = '{"errorCode":"0","exceptionInfo":"auth fail! illegal or expired token info"}'

  it.each([
    [200, GOOD, 200, 'CHAT_RELAYED'],
    [200, '{"resultCode":"1"}', 200, 'CHAT_RELAYED'],
    [200, 'no JSON', 502, 'UPSTREAM_UNEXPECTED'],
    [400, '{}', 400, 'UPSTREAM_INVALID_REQUEST'],
    [401, '{}', 401, 'CHAT_TOKEN_REFUSED'],
    [403, AUTH_FAIL, 502, 'UPSTREAM_NOT_ENTITLED'],
    [403, '{}', 503, 'UPSTREAM_REFUSED'],
    [404, '{}', 502, 'UPSTREAM_ADDRESS_WRONG'],
    [429, '{}', 429, 'UPSTREAM_THROTTLED'],
    [500, '{}', 503, 'UPSTREAM_UNAVAILABLE'],
    [503, '{}', 503, 'UPSTREAM_UNAVAILABLE'],
  ])('reaches the page with CEC’s %i %s, as %i %s', async (status, body, ours, code) => {
    const cec = await standIn(() => ({ status, body, headers: { 'ccmessaging-token': RENEWED } }))
    for (const parts of [sendParts(world, chatToken), pollParts(world, chatToken)]) {
      const answer = await call(world, cec.relay, parts)
      expect([answer.status, answer.line.code, answer.headers['ccmessaging-token']]).toEqual([
        ours,
        code,
        RENEWED,
      ])
    }
  })

  it('is the good one for CEC, also when it came with a failure', async () => {
    const old = await newChatToken(world)
    const sandbox = await world.fresh('chatRelay')
    world.vendors.cec.fail({ fault: 'header-on-failure', call: 'send', status: 500 })
    const failed = await call(world, sandbox, sendParts(world, old))
    expect([failed.status, failed.headers['ccmessaging-token']]).toEqual([503, expect.any(String)])
    expect((await call(world, sandbox, sendParts(world, old))).line.code).toBe('CHAT_TOKEN_REFUSED')
    const renewed = failed.headers['ccmessaging-token'] ?? ''
    expect((await call(world, sandbox, sendParts(world, renewed))).status).toBe(200)
  })

  it('is used by the second try of the same call, and reaches the page though only the first brought it', async () => {
    const cec = await standIn((nth) =>
      nth === 1
        ? { status: 403, body: AUTH_FAIL, headers: { 'ccmessaging-token': RENEWED } }
        : { body: GOOD },
    )
    const { status, headers } = await call(world, cec.relay, sendParts(world, chatToken))
    expect([status, headers['ccmessaging-token']]).toEqual([200, RENEWED])
    expect(cec.heard.map((request) => request.headers['ccmessaging-token'])).toEqual([chatToken, RENEWED])
  })

  it.each([500, 502, 503, 504])(
    'is used by a poll that is repeated after a %i, and reaches the page',
    async (status) => {
      const cec = await standIn((nth) =>
        nth === 1 ? { status, headers: { 'ccmessaging-token': RENEWED } } : { body: GOOD },
      )
      const { status: ours, headers } = await call(world, cec.relay, pollParts(world, chatToken))
      expect([ours, headers['ccmessaging-token']]).toEqual([200, RENEWED])
      expect(cec.heard.map((request) => request.headers['ccmessaging-token'])).toEqual([chatToken, RENEWED])
    },
  )

  it.each([
    ['that is too long', 200, { body: `"${'a'.repeat(300_000)}"` }, 502],
    ['that is broken', 200, { body: 'x', encoding: 'gzip' }, 502],
  ])('reaches the page with an answer %s', async (_, status, { body, encoding }: Broken, ours) => {
    const headers = { 'ccmessaging-token': RENEWED, ...(encoding && { 'content-encoding': encoding }) }
    const cec = await standIn(() => ({ status, headers, body }))
    for (const parts of [sendParts(world, chatToken), pollParts(world, chatToken)]) {
      const answer = await call(world, cec.relay, parts)
      expect([answer.status, answer.headers['ccmessaging-token']]).toEqual([ours, RENEWED])
    }
  })

  it('reaches the page with a poll that is cut while its body still comes', async () => {
    const cec = await standIn(() => ({ headers: { 'ccmessaging-token': RENEWED }, hangs: true }))
    const { status, body, headers } = await call(world, cec.relay, pollParts(world, chatToken))
    expect([status, body.downlinkMessages, headers['ccmessaging-token']]).toEqual([200, [], RENEWED])
  })

  it('is the last of several header lines', async () => {
    const cec = await standIn(() => ({
      body: GOOD,
      headers: { 'ccmessaging-token': [`${RENEWED}-1`, RENEWED] },
    }))
    const { headers } = await call(world, cec.relay, sendParts(world, chatToken))
    expect(headers['ccmessaging-token']).toBe(RENEWED)
  })

  it('is the last one where two tries bring two', async () => {
    const cec = await standIn((nth) => ({
      status: nth === 1 ? 403 : 200,
      body: nth === 1 ? AUTH_FAIL : GOOD,
      headers: { 'ccmessaging-token': `${RENEWED}-${nth}` },
    }))
    const { headers } = await call(world, cec.relay, sendParts(world, chatToken))
    expect(headers['ccmessaging-token']).toBe(`${RENEWED}-2`)
  })

  it.each([
    ['with a blank', 'a b'],
    ['that is empty', ''],
    ['over 4096 characters', 'a'.repeat(4097)],
  ])('%s is none, and the answer passes without it', async (_, token) => {
    const cec = await standIn(() => ({ body: GOOD, headers: { 'ccmessaging-token': token } }))
    const { status, headers } = await call(world, cec.relay, sendParts(world, chatToken))
    expect([status, headers['ccmessaging-token']]).toEqual([200, undefined])
  })

  it('never is a secret of the tenant’s', async () => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).cec
    const cec = await standIn(() => ({ status: 400, headers: { 'ccmessaging-token': appSecret } }))
    const { status, headers } = await call(world, cec.relay, sendParts(world, chatToken))
    expect([status, headers['ccmessaging-token']]).toEqual([400, undefined])
  })

  it('is lost with a poll that was cut, and kept by a page that asks for a longer one', async () => {
    const late = { body: GOOD, headers: { 'ccmessaging-token': RENEWED }, afterMs: 900 }
    const cec = await standIn(() => late)
    const polled = (prefer: string | undefined) => {
      const { headers, ...rest } = pollParts(world, chatToken)
      return call(world, cec.relay, { ...rest, headers: { ...headers, ...(prefer && { Prefer: prefer }) } })
    }
    expect((await polled(undefined)).headers['ccmessaging-token']).toBeUndefined()
    expect((await polled('wait=soon')).headers['ccmessaging-token']).toBeUndefined()
    expect((await polled('wait=3')).headers['ccmessaging-token']).toBe(RENEWED)
  })

  it('is asked for in vain beyond what the stage allows', async () => {
    process.env['LONGEST_POLL_SECONDS'] = '0.3'
    onTestFinished(() => {
      delete process.env['LONGEST_POLL_SECONDS']
    })
    const cec = await standIn(() => ({ body: GOOD, headers: { 'ccmessaging-token': RENEWED }, afterMs: 900 }))
    const { headers, ...rest } = pollParts(world, chatToken)
    const parts = { ...rest, headers: { ...headers, prefer: 'wait=3' } }
    const { status, body } = await call(world, cec.relay, parts)
    expect([status, body]).toEqual([200, { resultCode: '0', resultDesc: '', downlinkMessages: [] }])
  })
})
