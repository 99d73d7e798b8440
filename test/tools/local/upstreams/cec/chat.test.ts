import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LOCAL_USER } from '../../../../../tools/local/constants.ts'
import { ask, post, START, useUpstreams } from '../support.ts'
import { APPLY, CHANNEL, type Entry, enter, MESSAGE, newBearer, poll, send } from './calls.ts'

const POLL_MS = 150
const fixture = useUpstreams({ cec: { pollMs: POLL_MS } })

const OK = { resultCode: '0', resultDesc: '' }
const contents = async (entry: Entry) =>
  (await poll(entry)).json.downlinkMessages.map(({ content }: { content: string }) => content)

const connected = async (): Promise<Entry> => {
  const entry = await enter(fixture.secrets.cec)
  await send(entry, { controlType: 'CONNECT' })
  return entry
}

describe('tools/local/upstreams/cec/chat', () => {
  it('plays a whole chat, the token renewed in the middle', async () => {
    const entry = await enter(fixture.secrets.cec)
    expect((await send(entry, { controlType: 'CONNECT', content: undefined })).json).toEqual(OK)
    expect((await send(entry, { content: 'one' })).json).toEqual(OK)
    expect(await contents(entry)).toEqual(['one'])

    fixture.upstreams.cec.fail({ fault: 'renewed-chat-token' })
    const renewal = await send(entry, { content: 'two' })
    const renewed = { ...entry, token: renewal.headers.get('ccmessaging-token') ?? '' }

    expect(renewal.json).toEqual(OK)
    expect((await send(entry, { content: 'with the old token' })).status).toBe(401)
    expect((await send(renewed, { content: 'three' })).headers.has('ccmessaging-token')).toBe(false)
    expect(await contents(renewed)).toEqual(['two', 'three'])
    expect((await send(renewed, { controlType: 'DISCONNECT' })).json).toEqual(OK)
    expect((await send(renewed, { content: 'four' })).json.resultCode).toBe('1')
  })

  it('delivers the echo as a message from the channel', async () => {
    const entry = await connected()
    await send(entry)

    expect((await poll(entry)).json).toEqual({
      ...OK,
      downlinkMessages: [
        {
          controlType: 'CHAT',
          channel: 'WEB',
          content: MESSAGE.content,
          from: CHANNEL,
          to: LOCAL_USER.userId,
          mediaType: 'TEXT',
          sourceType: 'AGENT',
          timestamp: String(START),
        },
      ],
    })
  })

  it.each(['TRANS2AGENT', 'INPUT', 'READ'])('takes %s, which is not echoed', async (controlType) => {
    const entry = await connected()

    expect((await send(entry, { controlType })).json).toEqual(OK)
    expect(await contents(entry)).toEqual([])
  })

  it('answers CHAT before CONNECT with resultCode 1', async () => {
    const { status, json } = await send(await enter(fixture.secrets.cec))

    expect([status, json.resultCode]).toEqual([200, '1'])
  })

  it.each([
    ['controlType', 'SHOUT'],
    ['controlType', undefined],
    ['channel', 'PHONE'],
    ['sourceType', 'AGENT'],
    ['timestamp', undefined],
    ['timestamp', 1768478400000],
    ['from', undefined],
    ['from', 'somebody-else'],
    ['to', 'channel-8'],
    ['content', 'x'.repeat(1025)],
    ['content', undefined],
    ['content', 7],
    ['mediaType', undefined],
  ])('refuses %s %s', async (member, value) => {
    const { status, json } = await send(await connected(), { [member]: value })

    expect([status, json.errorCode]).toEqual([400, '0'])
    expect(json.exceptionInfo).toContain(member)
  })

  it('takes content of 1024 characters', async () => {
    expect((await send(await connected(), { content: '王'.repeat(1024) })).json).toEqual(OK)
  })

  it('lets a user of 25 characters in and refuses the messages', async () => {
    const userId = 'u'.repeat(25)
    const entry = await enter(fixture.secrets.cec, { ...APPLY, userId })

    const { status, json } = await send(entry, { controlType: 'CONNECT', from: userId })

    expect([status, json.exceptionInfo]).toEqual([400, 'from must have 1 to 24 characters'])
  })

  it.each([
    ['receiverId', { receiverId: 'somebody-else', channel: 'WEB' }],
    ['receiverId', { channel: 'WEB' }],
    ['channel', { receiverId: LOCAL_USER.userId, channel: 'PHONE' }],
  ])('refuses a poll with a wrong %s', async (member, query) => {
    const { status, json } = await poll(await connected(), query)

    expect(status).toBe(400)
    expect(json.exceptionInfo).toContain(member)
  })

  it('refuses a chat token that is missing, unknown, expired or another tenant’s with 401', async () => {
    const entry = await connected()
    const other = await enter(fixture.upstreams.addTenant('other-tenant').cec)

    expect((await send(entry, {}, { 'ccmessaging-token': undefined })).status).toBe(401)
    expect((await send({ ...entry, token: 'unknown' })).status).toBe(401)
    expect((await send({ ...entry, token: other.token })).status).toBe(401)
    expect((await poll({ ...entry, token: other.token })).status).toBe(401)
    fixture.now += 3_600_000
    const bearer = await newBearer(fixture.secrets.cec)
    const { status, json } = await send({ ...entry, bearer })
    expect([status, json.errorCode]).toEqual([401, '0'])
    expect(json.exceptionInfo).not.toContain('token info')
  })

  it('refuses an expired AccessToken with 403, whatever the chat token', async () => {
    const entry = await connected()
    fixture.now += 3_600_000

    const { status, json } = await send(entry)

    expect([status, json.exceptionInfo]).toEqual([403, 'auth fail! illegal or expired token info...'])
    expect((await poll(entry)).status).toBe(403)
  })

  it('answers another method with 405, another path with 404', async () => {
    const { chatUrl } = fixture.secrets.cec

    expect((await ask(`${chatUrl}/send`)).status).toBe(405)
    expect((await post(`${chatUrl}/poll`, {})).status).toBe(405)
    expect((await post(`${chatUrl}/other`, {})).status).toBe(404)
  })

  it('refuses a message under another content type', async () => {
    expect((await send(await connected(), {}, { 'content-type': 'text/plain' })).status).toBe(400)
  })

  it('hangs a poll for pollMs, then answers with nothing', async () => {
    const entry = await connected()
    const start = performance.now()

    expect((await poll(entry)).json).toEqual({ ...OK, downlinkMessages: [] })
    expect(performance.now() - start).toBeGreaterThan(POLL_MS - 5)
  })

  it('wakes a hanging poll with the message, which no later poll sees', async () => {
    const entry = await connected()
    const hanging = contents(entry)
    while (fixture.upstreams.cec.calls('poll') === 0) await sleep(1)
    await send(entry)

    expect(await hanging).toEqual([MESSAGE.content])
    expect(await contents(entry)).toEqual([])
  })

  it('keeps a message for the next poll when the hanging one was given up', async () => {
    const entry = await connected()
    const givenUp = poll(entry, undefined, { signal: AbortSignal.timeout(30) })
    await expect(givenUp).rejects.toMatchObject({ name: 'TimeoutError' })
    await sleep(10)
    await send(entry)

    expect(await contents(entry)).toEqual([MESSAGE.content])
  })
})
