import { describe, expect, it, vi } from 'vitest'
import { type CallsOf, type ChatToken, chatCalls } from '../../client/src/chat-calls.ts'
import { type Api, failure, NEVER, newWorld, type Reply, startApi, type World } from './world.ts'

const TOM = { userId: '10010001', userName: 'Tom', channelId: 'web-channel-1', locale: 'en' }
const DEAD: Reply = { status: 401, body: { errorCode: '990004011', exceptionInfo: 'ask applyToken' } }
const UNAUTHENTICATED: Reply = { status: 401, body: { errorCode: '990004010', exceptionInfo: 'no' } }
const GOOD: Reply = { body: { resultCode: '0', resultDesc: '', downlinkMessages: [] } }

/** Calls with the chat token `chat-1` and the access tokens `access-1`, `access-2`, … */
const newCalls = (api: Api, world: World = newWorld(), change: Partial<CallsOf> = {}) => {
  let count = 1
  const tokens = {
    get: async (_signal: AbortSignal, refused?: string): Promise<string> => {
      if (refused === `access-${count}`) count += 1
      return `access-${count}`
    },
  }
  const known: ChatToken = { token: 'chat-1', since: world.environment.clock.now() }
  return chatCalls(world.environment, { ...TOM, api: api.url, tokens, known, ...change })
}

const tokensOf = (api: Api): unknown[] =>
  api.asked.map(({ headers }) => [headers['authorization'], headers['ccmessaging-token']])

describe('client/src/chat-calls: what is asked', () => {
  it('applyToken sends the four members, and no older chat token', async () => {
    const api = await startApi(() => ({ body: { token: 'chat-2', resultCode: '0' } }))
    const calls = newCalls(api)
    await calls.applyToken(NEVER)
    expect(api.asked[0]).toMatchObject({
      line: 'POST /apiaccess/ccmessaging/applyToken',
      body: JSON.stringify({ userId: '10010001', userName: 'Tom', channelId: 'web-channel-1', locale: 'en' }),
    })
    expect(tokensOf(api)).toEqual([['Bearer access-1', undefined]])
    expect(calls.chatToken()?.token).toBe('chat-2')
  })

  it.each([{}, { token: '' }, { token: 7 }])('refuses an answer of applyToken that is %j', async (body) => {
    const api = await startApi(() => ({ body }))
    expect(await failure(newCalls(api).applyToken(NEVER))).toMatchObject({ code: 'ANSWER' })
  })

  it('send makes a message of CEC of a text, and fills in the rest of one', async () => {
    const api = await startApi(() => GOOD)
    const calls = newCalls(api)
    await calls.send('Hello', NEVER)
    await calls.send({ controlType: 'INPUT' }, NEVER)
    const common = {
      channel: 'WEB',
      from: '10010001',
      to: 'web-channel-1',
      sourceType: 'CUSTOMER',
      mediaType: 'TEXT',
      timestamp: '86400000',
    }
    expect(api.asked.map(({ body }) => JSON.parse(body))).toEqual([
      { ...common, controlType: 'CHAT', content: 'Hello' },
      { ...common, controlType: 'INPUT' },
    ])
    expect(tokensOf(api)[0]).toEqual(['Bearer access-1', 'chat-1'])
  })

  it('ask makes another call with both tokens, and gives the answer’s members', async () => {
    const api = await startApi(() => ({ body: { returnCode: '0', objectKey: 'key-1' } }))
    const file = { fileType: 'jpg', fileStream: '/9j/4AAQSkZJRg==', channel: 'WEB' }
    expect(await newCalls(api).ask('uploadFileStream', file, NEVER)).toMatchObject({ objectKey: 'key-1' })
    expect(api.asked[0]).toMatchObject({
      line: 'POST /apiaccess/ccmessaging/uploadFileStream',
      body: JSON.stringify(file),
    })
    expect(tokensOf(api)[0]).toEqual(['Bearer access-1', 'chat-1'])
  })

  it('poll asks for the user, and gives what has come', async () => {
    const downlinkMessages = [{ content: 'Hi' }]
    const api = await startApi(() => ({ body: { resultCode: '0', downlinkMessages } }))
    expect(await newCalls(api, newWorld(), { userId: '张三' }).poll(NEVER)).toEqual(downlinkMessages)
    expect(api.asked[0]?.line).toBe(
      'GET /apiaccess/ccmessaging/poll?channel=WEB&receiverId=%E5%BC%A0%E4%B8%89',
    )
  })

  it('takes an address with a slash at its end', async () => {
    const api = await startApi(() => GOOD)
    await newCalls({ ...api, url: `${api.url}//` }).poll(NEVER)
    expect(api.asked[0]?.line).toMatch(/^GET \/apiaccess\//)
  })

  it.each([
    [49, undefined],
    [50, 'wait=25'],
    [59, 'wait=25'],
  ])('%i minutes into a chat token a poll prefers %s', async (minutes, prefer) => {
    const api = await startApi(() => GOOD)
    const world = newWorld()
    const calls = newCalls(api, world)
    world.pass(minutes * 60_000)
    await calls.poll(NEVER)
    await calls.send('x', NEVER)
    expect(api.asked.map(({ headers }) => headers['prefer'])).toEqual([prefer, undefined])
  })

  it('prefers nothing any more once the token is renewed', async () => {
    const api = await startApi((_, nth) => ({
      ...GOOD,
      headers: nth === 1 ? { 'ccmessaging-token': 'chat-2' } : {},
    }))
    const world = newWorld()
    const calls = newCalls(api, world)
    world.pass(55 * 60_000)
    await calls.poll(NEVER)
    await calls.poll(NEVER)
    expect(api.asked.map(({ headers }) => headers['prefer'])).toEqual(['wait=25', undefined])
  })
})

describe('client/src/chat-calls: a chat token that CEC renews', () => {
  it.each([200, 400, 401, 403, 429, 500, 502, 503])(
    'is used after an answer with status %i',
    async (status) => {
      for (const first of ['send', 'poll'] as const) {
        const api = await startApi((_, nth) =>
          nth === 1 ? { ...GOOD, status, headers: { 'ccmessaging-token': 'chat-2' } } : GOOD,
        )
        const told: string[] = []
        const calls = newCalls(api, newWorld(), { onToken: () => void told.push('new') })
        await failure(first === 'send' ? calls.send('x', NEVER) : calls.poll(NEVER))
        await calls.poll(NEVER)
        expect([tokensOf(api).at(-1), told]).toEqual([[expect.any(String), 'chat-2'], ['new']])
      }
    },
  )

  it('lets a call be repeated that it has overtaken', async () => {
    let answerPoll = (): void => {}
    const api = await startApi(async ({ line, headers }) => {
      if (line.includes('send')) return { ...GOOD, headers: { 'ccmessaging-token': 'chat-2' } }
      if (headers['ccmessaging-token'] === 'chat-2')
        return { body: { downlinkMessages: [{ content: 'kept' }] } }
      await new Promise<void>((resolve) => {
        answerPoll = resolve
      })
      return DEAD
    })
    const calls = newCalls(api)
    const polled = calls.poll(NEVER)
    await vi.waitFor(() => expect(api.calls()).toEqual(['poll']))
    await calls.send('x', NEVER)
    answerPoll()
    expect([await polled, api.calls()]).toEqual([[{ content: 'kept' }], ['poll', 'send', 'poll']])
  })

  it('that is dead is said once, without another try', async () => {
    const api = await startApi(() => DEAD)
    expect(await failure(newCalls(api).poll(NEVER))).toMatchObject({ code: '990004011', status: 401 })
    expect(api.asked.length).toBe(1)
  })
})

describe('client/src/chat-calls: a refused access token', () => {
  it('is replaced once, and the call is made again', async () => {
    const api = await startApi((_, nth) => (nth === 1 ? UNAUTHENTICATED : GOOD))
    await newCalls(api).send('x', NEVER)
    expect(tokensOf(api)).toEqual([
      ['Bearer access-1', 'chat-1'],
      ['Bearer access-2', 'chat-1'],
    ])
  })

  it.each([UNAUTHENTICATED, { status: 401, body: '' }])(
    'is said when the next one is refused too',
    async (reply) => {
      const api = await startApi(() => reply)
      expect(await failure(newCalls(api).send('x', NEVER))).toMatchObject({ status: 401 })
      expect(api.asked.length).toBe(2)
    },
  )
})

describe('client/src/chat-calls: later', () => {
  const later = (status: number, seconds?: number): Reply => ({
    status,
    body: {},
    ...(seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } }),
  })

  it.each([429, 503])(
    'of a %i with Retry-After is waited for, and the call made once more',
    async (status) => {
      const api = await startApi((_, nth) => (nth === 1 ? later(status, 3) : { body: { token: 'chat-2' } }))
      const world = newWorld()
      const calls = newCalls(api, world)
      await calls.applyToken(NEVER)
      expect([world.pauses, api.calls()]).toEqual([[3000], ['applyToken', 'applyToken']])
    },
  )

  it.each([
    [later(429), 'without Retry-After'],
    [later(503), 'without Retry-After'],
    [later(500, 3), 'of another status'],
    [later(503, 31), 'that is too long for a page'],
  ])('is not waited for in %j: %s', async (reply) => {
    const api = await startApi(() => reply)
    const world = newWorld()
    expect(await failure(newCalls(api, world).send('x', NEVER))).toMatchObject({ status: reply.status })
    expect([world.pauses, api.asked.length]).toEqual([[], 1])
  })

  it('is waited for once', async () => {
    const api = await startApi(() => later(429, 30))
    const world = newWorld()
    expect(await failure(newCalls(api, world).send('x', NEVER))).toMatchObject({ retryAfterSeconds: 30 })
    expect([world.pauses, api.asked.length]).toEqual([[30_000], 2])
  })

  it('is the loop’s to wait for in a poll', async () => {
    const api = await startApi(() => later(429, 3))
    const world = newWorld()
    expect(await failure(newCalls(api, world).poll(NEVER))).toMatchObject({ retryAfterSeconds: 3 })
    expect([world.pauses, api.asked.length]).toEqual([[], 1])
  })
})

describe('client/src/chat-calls: refusals with status 200', () => {
  it.each(['0', 0, undefined])('resultCode %j is none', async (resultCode) => {
    const api = await startApi(() => ({ body: { resultCode } }))
    expect(await newCalls(api).poll(NEVER)).toEqual([])
    await newCalls(api).send('x', NEVER)
  })

  it.each(['1', 1])('resultCode %j is one', async (resultCode) => {
    const api = await startApi(() => ({ body: { resultCode, resultDesc: 'no session' } }))
    const refused = { code: '1', message: 'no session', status: 200 }
    expect(await failure(newCalls(api).send('x', NEVER))).toMatchObject(refused)
    expect(await failure(newCalls(api).poll(NEVER))).toMatchObject(refused)
  })

  it('downlinkMessages that is no list is one', async () => {
    const api = await startApi(() => ({ body: { downlinkMessages: {} } }))
    expect(await failure(newCalls(api).poll(NEVER))).toMatchObject({ code: 'ANSWER' })
  })
})
