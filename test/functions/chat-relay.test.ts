import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import {
  message,
  newChatToken,
  pollParts,
  sendParts,
  startVendorWorld,
  type VendorWorld,
} from '../support/vendor-world.ts'
import { call } from '../support/world.ts'

let world: VendorWorld
let chatToken: string
let relay: HttpHandler

beforeAll(async () => {
  world = await startVendorWorld({ cec: { pollMs: 50 } })
  chatToken = await newChatToken(world)
})
afterAll(() => world.close())
beforeEach(async () => {
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
    [
      'a poll with a parameter more',
      () => ({ ...pollParts(world, chatToken), query: { receiverId: '10010001', x: '1' } }),
      400,
      'QUERY_INVALID',
    ],
  ])('refuse %s', async (_, parts, status, code) => {
    const answer = await call(world, relay, parts())
    expect([answer.status, answer.line.code]).toEqual([status, code])
    expect((await call(world, relay, sendParts(world, chatToken))).status).toBe(200)
  })

  it('send no header of the caller’s but its chat token', async () => {
    const { headers, ...rest } = sendParts(world, chatToken)
    let seen = ''
    world.vendors.cec.fail({
      fault: 'echo',
      call: 'send',
      status: 400,
      when: (fields) => {
        seen = JSON.stringify(fields)
        return true
      },
    })
    const parts = {
      ...rest,
      headers: { ...headers, cookie: 'session=1', 'x-forwarded-for': '1.2.3.4', 'x-app-key': 'mine' },
    }
    expect((await call(world, relay, parts)).status).toBe(400)
    expect(seen).not.toContain('session=1')
  })
})
