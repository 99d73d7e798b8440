import { describe, expect, it, onTestFinished } from 'vitest'
import { page, standIn, useRelayWorld, world } from '../support/relay-world.ts'
import { newChatToken, pollParts, sendParts } from '../support/vendor-world.ts'
import { call, TENANT } from '../support/world.ts'

useRelayWorld()

interface Broken {
  readonly body: string
  readonly encoding?: string
}

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
    for (const parts of [sendParts(world, page.chatToken), pollParts(world, page.chatToken)]) {
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
    const { status, headers } = await call(world, cec.relay, sendParts(world, page.chatToken))
    expect([status, headers['ccmessaging-token']]).toEqual([200, RENEWED])
    expect(cec.heard.map((request) => request.headers['ccmessaging-token'])).toEqual([
      page.chatToken,
      RENEWED,
    ])
  })

  it.each([500, 502, 503, 504])(
    'is used by a poll that is repeated after a %i, and reaches the page',
    async (status) => {
      const cec = await standIn((nth) =>
        nth === 1 ? { status, headers: { 'ccmessaging-token': RENEWED } } : { body: GOOD },
      )
      const { status: ours, headers } = await call(world, cec.relay, pollParts(world, page.chatToken))
      expect([ours, headers['ccmessaging-token']]).toEqual([200, RENEWED])
      expect(cec.heard.map((request) => request.headers['ccmessaging-token'])).toEqual([
        page.chatToken,
        RENEWED,
      ])
    },
  )

  it.each([
    ['that is too long', 200, { body: `"${'a'.repeat(300_000)}"` }, 502],
    ['that is broken', 200, { body: 'x', encoding: 'gzip' }, 502],
  ])('reaches the page with an answer %s', async (_, status, { body, encoding }: Broken, ours) => {
    const headers = { 'ccmessaging-token': RENEWED, ...(encoding && { 'content-encoding': encoding }) }
    const cec = await standIn(() => ({ status, headers, body }))
    for (const parts of [sendParts(world, page.chatToken), pollParts(world, page.chatToken)]) {
      const answer = await call(world, cec.relay, parts)
      expect([answer.status, answer.headers['ccmessaging-token']]).toEqual([ours, RENEWED])
    }
  })

  it('reaches the page with a poll that is cut while its body still comes', async () => {
    const cec = await standIn(() => ({ headers: { 'ccmessaging-token': RENEWED }, hangs: true }))
    const { status, body, headers } = await call(world, cec.relay, pollParts(world, page.chatToken))
    expect([status, body.downlinkMessages, headers['ccmessaging-token']]).toEqual([200, [], RENEWED])
  })

  it('is the last of several header lines', async () => {
    const cec = await standIn(() => ({
      body: GOOD,
      headers: { 'ccmessaging-token': [`${RENEWED}-1`, RENEWED] },
    }))
    const { headers } = await call(world, cec.relay, sendParts(world, page.chatToken))
    expect(headers['ccmessaging-token']).toBe(RENEWED)
  })

  it('is the last one where two tries bring two', async () => {
    const cec = await standIn((nth) => ({
      status: nth === 1 ? 403 : 200,
      body: nth === 1 ? AUTH_FAIL : GOOD,
      headers: { 'ccmessaging-token': `${RENEWED}-${nth}` },
    }))
    const { headers } = await call(world, cec.relay, sendParts(world, page.chatToken))
    expect(headers['ccmessaging-token']).toBe(`${RENEWED}-2`)
  })

  it.each([
    ['with a blank', 'a b'],
    ['that is empty', ''],
    ['over 4096 characters', 'a'.repeat(4097)],
  ])('%s is none, and the answer passes without it', async (_, token) => {
    const cec = await standIn(() => ({ body: GOOD, headers: { 'ccmessaging-token': token } }))
    const { status, headers } = await call(world, cec.relay, sendParts(world, page.chatToken))
    expect([status, headers['ccmessaging-token']]).toEqual([200, undefined])
  })

  it('never is a secret of the tenant’s', async () => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).cec
    const cec = await standIn(() => ({ status: 400, headers: { 'ccmessaging-token': appSecret } }))
    const { status, headers } = await call(world, cec.relay, sendParts(world, page.chatToken))
    expect([status, headers['ccmessaging-token']]).toEqual([400, undefined])
  })

  it('is lost with a poll that was cut, and kept by a page that asks for a longer one', async () => {
    const late = { body: GOOD, headers: { 'ccmessaging-token': RENEWED }, afterMs: 900 }
    const cec = await standIn(() => late)
    const polled = (prefer: string | undefined) => {
      const { headers, ...rest } = pollParts(world, page.chatToken)
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
    const { headers, ...rest } = pollParts(world, page.chatToken)
    const parts = { ...rest, headers: { ...headers, prefer: 'wait=3' } }
    const { status, body } = await call(world, cec.relay, parts)
    expect([status, body]).toEqual([200, { resultCode: '0', resultDesc: '', downlinkMessages: [] }])
  })
})
