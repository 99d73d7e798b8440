import { beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import { page, standIn, useRelayWorld, world } from '../support/relay-world.ts'
import { FURTHER_BODIES, type FurtherName, furtherParts, newChatToken } from '../support/vendor-world.ts'
import { call, TENANT, USER } from '../support/world.ts'

useRelayWorld()

let calls: HttpHandler
beforeEach(async () => {
  calls = await world.fresh('chatCalls')
})

const NAMES = Object.keys(FURTHER_BODIES) as FurtherName[]
const made = (name: FurtherName, changes: object = {}) =>
  call(world, calls, furtherParts(world, page.chatToken, name, changes))
const ANSWER = '{"resultCode":"0","more":1192715994825625601}'
const toStandIn = (status = 200) => standIn(() => ({ status, body: ANSWER }), 'chatCalls')

describe('functions/chat-calls', () => {
  it.each([
    ['sendAsync', { resultCode: '0', resultDesc: '' }],
    ['queryHistoryChatMessage', { messageList: [], resultCode: '0', resultDesc: '' }],
    ['doLeaveMessage', { resultCode: '0', resultDesc: 'Save leaveMessage success!' }],
    [
      'getsatisfactionsurveymode',
      { resultCode: '0', resultDesc: '', satisfactionSurvey: { surveyType: 'NO' } },
    ],
    ['saveSatisfaction', { resultCode: '0', resultDesc: 'Save satisfaction success' }],
  ] as const)('passes %s on, and CEC’s answer back', async (name, answer) => {
    const { status, body, line } = await made(name)
    expect([status, body, line.code]).toEqual([200, answer, 'CHAT_CALL_RELAYED'])
    expect(world.vendors.cec.calls(name)).toBe(1)
  })

  it.each(NAMES)(
    'passes the texts of %s as they were written, with the tenant’s secrets beside them',
    async (name) => {
      const cec = await toStandIn()
      const { body, ...rest } = furtherParts(world, page.chatToken, name)
      const rawBody = JSON.stringify(body, null, 1)
      const answer = await call(world, cec.relay, { ...rest, rawBody })
      expect([answer.status, answer.text, cec.heard[0]?.body]).toEqual([200, ANSWER, rawBody])
      expect(cec.heard[0]?.headers).toMatchObject({
        'ccmessaging-token': page.chatToken,
        'x-app-key': world.vendors.tenantSecrets(TENANT).cec.appKey,
      })
    },
  )

  it.each([
    ['sendAsync', 'from'],
    ['queryHistoryChatMessage', 'userId'],
    ['doLeaveMessage', 'callId'],
    ['saveSatisfaction', 'userId'],
  ] as const)('lets a page make %s for its own user alone: %s', async (name, field) => {
    const { issueAccessToken } = await import('../../functions/issue-access-token.ts')
    const { body: issued } = await call(world, issueAccessToken(world.runtime()), {
      headers: world.authorization,
      body: { ...USER, tenantSpaceId: TENANT, scopes: ['chat:relay'] },
    })
    const authorization = `Bearer ${secret('access token', issued.accessToken)}`
    const asPage = (changes: object) => {
      const { headers, ...rest } = furtherParts(world, page.chatToken, name, changes)
      return call(world, calls, { ...rest, headers: { ...headers, authorization } })
    }
    const refused = await asPage({ [field]: '10010002' })
    expect([refused.status, refused.line.code, refused.line.field]).toEqual([403, 'USER_FORBIDDEN', field])
    expect((await asPage({})).status).toBe(200)
  })

  it.each([
    ['sendAsync', 'another sender within', { reqBody: { from: '10010002' } }, 'reqBody'],
    ['sendAsync', 'another spelling of the sender', { From: '10010002' }, 'from'],
    ['queryHistoryChatMessage', 'another user within', { reqBody: { userId: '10010002' } }, 'body'],
    ['queryHistoryChatMessage', 'another spelling of the user', { USERID: '10010002' }, 'body'],
    ['queryHistoryChatMessage', 'a userId of 25 characters', { userId: 'a'.repeat(25) }, 'userId'],
    ['queryHistoryChatMessage', 'a number for a limit', { limit: 10 }, 'limit'],
    ['queryHistoryChatMessage', 'a limit below nothing', { limit: '-1' }, 'limit'],
    ['queryHistoryChatMessage', 'another channel', { channel: 'WECHAT' }, 'channel'],
    ['doLeaveMessage', 'another user beside', { userId: '10010002' }, 'body'],
    ['doLeaveMessage', 'no message', { leaveMessage: '' }, 'leaveMessage'],
    ['doLeaveMessage', 'a message without end', { leaveMessage: 'a'.repeat(4097) }, 'leaveMessage'],
    ['getsatisfactionsurveymode', 'a user', { userId: '10010002' }, 'body'],
    ['getsatisfactionsurveymode', 'a language of another form', { language: 'English' }, 'language'],
    ['saveSatisfaction', 'another user within', { satisfication: { userId: '10010002' } }, 'body'],
    ['saveSatisfaction', 'a level beyond 5', { evaluation: '6' }, 'evaluation'],
    ['saveSatisfaction', 'a comment of 512 characters', { comment: 'a'.repeat(512) }, 'comment'],
    ['saveSatisfaction', 'a recommendation of 10', { npsScore: '10' }, 'npsScore'],
    ['saveSatisfaction', 'another word for solved', { fcrValue: 'yes' }, 'fcrValue'],
  ] as const)('refuses %s with %s, and sends nothing', async (name, _, changes, field) => {
    const cec = await toStandIn()
    const refused = await call(world, cec.relay, furtherParts(world, page.chatToken, name, changes))
    expect([refused.status, refused.line.code, refused.line.field, cec.heard]).toEqual([
      400,
      'BODY_INVALID',
      field,
      [],
    ])
    expect((await call(world, cec.relay, furtherParts(world, page.chatToken, name))).status).toBe(200)
  })

  it.each([
    ['queryHistoryChatMessage', { startTime: '1619590480756', endTime: '1619590484115' }],
    ['queryHistoryChatMessage', { channel: undefined }],
    ['doLeaveMessage', { leaveMessage: 'Zeile 1\nZeile 2' }],
    ['getsatisfactionsurveymode', { language: '' }],
    ['getsatisfactionsurveymode', { language: undefined }],
    ['saveSatisfaction', { npsScore: '9', fcrValue: '2', comment: 'a'.repeat(511) }],
  ] as const)('takes %s with %o', async (name, changes) => {
    const cec = await toStandIn()
    expect((await call(world, cec.relay, furtherParts(world, page.chatToken, name, changes))).status).toBe(
      200,
    )
  })

  it.each(NAMES)('refuses %s without a chat token', async (name) => {
    const refused = await call(world, calls, furtherParts(world, '', name))
    expect([refused.status, refused.line.code]).toEqual([401, 'CHAT_TOKEN_REFUSED'])
    expect((await made(name)).status).toBe(200)
  })

  it.each([
    ['sendAsync', 1],
    ['queryHistoryChatMessage', 3],
    ['doLeaveMessage', 1],
    ['getsatisfactionsurveymode', 3],
    ['saveSatisfaction', 1],
  ] as const)('asks CEC again after a 503 where that does no harm: %s, %i times', async (name, times) => {
    const cec = await toStandIn(503)
    const { line } = await call(world, cec.relay, furtherParts(world, page.chatToken, name))
    expect([line.code, cec.heard.length]).toEqual(['UPSTREAM_UNAVAILABLE', times])
    const good = await toStandIn()
    expect((await call(world, good.relay, furtherParts(world, page.chatToken, name))).status).toBe(200)
  })

  it.each(NAMES)('hands back a chat token that %s renews', async (name) => {
    page.chatToken = await newChatToken(world)
    world.vendors.cec.fail({ fault: 'renewed-chat-token', call: name })
    page.chatToken = (await made(name)).headers['ccmessaging-token'] ?? ''
    expect((await made(name)).status).toBe(200)
  })
})

describe('POST …/ccmessaging/send', () => {
  it('refuses a second message within the first, as sendAsync does', async () => {
    const relay = await world.fresh('chatRelay')
    const parts = (changes: object) => ({
      ...furtherParts(world, page.chatToken, 'sendAsync', { timestamp: '1767225600000', ...changes }),
      routeKey: 'POST /apiaccess/ccmessaging/send',
    })
    for (const name of ['reqBody', 'REQBODY']) {
      const refused = await call(world, relay, parts({ [name]: { from: '10010002' } }))
      expect([refused.status, refused.line.field]).toEqual([400, 'reqBody'])
    }
    expect((await call(world, relay, parts({}))).status).toBe(200)
  })
})
