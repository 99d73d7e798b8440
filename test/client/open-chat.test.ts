import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ClientError } from '../../client/src/errors.ts'
import { type Chat, type ChatOptions, openChat } from '../../client/src/open-chat.ts'
import {
  type Api,
  type Asked,
  failure,
  newWorld,
  type Reply,
  type SharedTabs,
  sharedTabs,
  startApi,
} from './world.ts'

const TOM = { userId: '10010001', userName: 'Tom', channelId: 'web-channel-1', locale: 'en' }

/** An API whose polls hang for 50 ms; `change` may answer in its place. */
const startChatApi = (
  change: (asked: Asked) => Reply | Promise<Reply | undefined> | undefined = () => undefined,
) =>
  startApi(async (asked) => {
    const reply = await change(asked)
    if (reply !== undefined) return reply
    if (asked.line.includes('applyToken')) return { body: { token: 'chat-1' } }
    if (asked.line.includes('poll')) await sleep(50)
    return { body: { resultCode: '0', downlinkMessages: [] } }
  })

interface Tab {
  readonly chat: Chat
  readonly received: unknown[]
  readonly sent: unknown[]
  readonly ended: (string | undefined)[]
  readonly world: ReturnType<typeof newWorld>
}

const openTab = async (
  api: Api,
  tabs: SharedTabs | undefined,
  change: Partial<ChatOptions> = {},
): Promise<Tab> => {
  const received: unknown[] = []
  const sent: unknown[] = []
  const ended: (string | undefined)[] = []
  const world = newWorld(tabs)
  const chat = await openChat(world.environment, {
    ...TOM,
    api: api.url,
    tokenSource: async () => ({ accessToken: 'access-1', expiresIn: 300 }),
    onMessage: ({ content }) => void received.push(content),
    onSent: (message) => void sent.push(message),
    onEnd: (error?: ClientError) => void ended.push(error?.code),
    ...change,
  })
  onTestFinished(() => chat.leave())
  return { chat, received, sent, ended, world }
}

const sends = (api: Api): string[] =>
  api.asked
    .filter(({ line }) => line.includes('/send'))
    .map(({ body }) => JSON.parse(body).content ?? JSON.parse(body).controlType)

describe('client/src/open-chat: one tab', () => {
  it('begins with applyToken and CONNECT, and sends one message after the other', async () => {
    const api = await startChatApi()
    const { chat, sent } = await openTab(api, undefined)
    await Promise.all([chat.send('1'), chat.send('2'), chat.send('3')])
    expect(sends(api)).toEqual(['CONNECT', '1', '2', '3'])
    expect([api.calls()[0], sent]).toEqual(['applyToken', ['1', '2', '3']])
  })

  it.each([
    ['applyToken', { status: 403, body: { errorCode: '990004030' } }, '990004030'],
    ['send', { body: { resultCode: '1', resultDesc: 'x' } }, '1'],
  ])('does not begin when %s is refused, and begins when it is not', async (call, reply, code) => {
    const refused = { is: true }
    const api = await startChatApi(({ line }) => (refused.is && line.includes(call) ? reply : undefined))
    expect(await failure(openTab(api, undefined))).toMatchObject({ code })
    refused.is = false
    await openTab(api, undefined)
  })

  it('tells of an answer after what it answers, however fast it is', async () => {
    const waiting: object[] = []
    const api = await startChatApi(async ({ line, body }) => {
      if (line.includes('poll')) return { body: { downlinkMessages: waiting.splice(0) } }
      if (!body.includes('"question"')) return undefined
      waiting.push({ content: 'answer' })
      await sleep(200)
      return {}
    })
    const told: unknown[] = []
    const { chat } = await openTab(api, undefined, {
      onMessage: ({ content }) => void told.push(content),
      onSent: (message) => void told.push(message),
    })
    await chat.send('question')
    await vi.waitFor(() => expect(told).toEqual(['question', 'answer']))
  })

  it('says which message was refused, and sends the next', async () => {
    const api = await startChatApi(({ body }) =>
      body.includes('"bad"') ? { status: 400, body: { errorCode: '990004000' } } : undefined,
    )
    const { chat, sent } = await openTab(api, undefined)
    const outcomes = await Promise.all([failure(chat.send('bad')), failure(chat.send('good'))])
    expect(outcomes).toEqual([expect.objectContaining({ code: '990004000' }), undefined])
    expect(sent).toEqual(['good'])
  })

  it('ends when its token is dead, once, and sends nothing more', async () => {
    const api = await startChatApi(({ line }) =>
      line.includes('poll') ? { status: 401, body: { errorCode: '990004011' } } : undefined,
    )
    const { chat, ended } = await openTab(api, undefined)
    await vi.waitFor(() => expect(ended).toEqual(['990004011']))
    expect(await failure(chat.send('x'))).toMatchObject({ code: 'CHAT_ENDED' })
  })

  it('ends by DISCONNECT without an error', async () => {
    const api = await startChatApi()
    const { chat, ended } = await openTab(api, undefined)
    await chat.end()
    await vi.waitFor(() => expect(ended).toEqual([undefined]))
    expect(sends(api)).toEqual(['CONNECT', 'DISCONNECT'])
  })

  it('asks nothing any more once the page has left, and says so to whoever waits', async () => {
    const api = await startChatApi(({ body }) => (body.includes('slow') ? new Promise(() => {}) : undefined))
    const controller = new AbortController()
    const { chat, ended } = await openTab(api, undefined, { signal: controller.signal })
    const waiting = failure(chat.send('slow'))
    controller.abort()
    expect(await waiting).toMatchObject({ code: 'CHAT_ENDED' })
    await sleep(100)
    const count = api.asked.length
    await sleep(100)
    expect([api.asked.length, ended]).toEqual([count, []])
  })
})

describe('client/src/open-chat: two tabs', () => {
  it('share one applyToken and one poll, and both hear everything', async () => {
    const waiting: object[] = []
    const api = await startChatApi(({ line }) =>
      line.includes('poll') && waiting.length > 0
        ? { body: { downlinkMessages: waiting.splice(0) } }
        : undefined,
    )
    const tabs = sharedTabs()
    const [first, second] = [await openTab(api, tabs), await openTab(api, tabs)]
    waiting.push({ content: 'Hi' })
    await second.chat.send('from the second')
    for (const { received, sent } of [first, second]) {
      await vi.waitFor(() => expect([received, sent]).toEqual([['Hi'], ['from the second']]))
    }
    expect(api.calls().filter((call) => call === 'applyToken')).toEqual(['applyToken'])
  })

  it('of two users have two chats', async () => {
    const api = await startChatApi()
    const tabs = sharedTabs()
    await openTab(api, tabs)
    await openTab(api, tabs, { userId: '10010002' })
    expect(api.calls().filter((call) => call === 'applyToken').length).toBe(2)
  })

  it('go on in the second with the token that was renewed last', async () => {
    const api = await startChatApi(({ body }) =>
      body.includes('"renew"') ? { headers: { 'ccmessaging-token': 'chat-2' } } : undefined,
    )
    const tabs = sharedTabs()
    const [first, second] = [await openTab(api, tabs), await openTab(api, tabs)]
    await first.chat.send('renew')
    first.chat.leave()
    await second.chat.send('after')
    const after = api.asked.find(({ body }) => body.includes('"after"'))
    expect(after?.headers['ccmessaging-token']).toBe('chat-2')
    expect(sends(api)).toEqual(['CONNECT', 'renew', 'after'])
    expect([first.ended, second.ended]).toEqual([[], []])
  })

  it('hand over what the first had not begun to send; of what it had begun nobody knows', async () => {
    const api = await startChatApi(({ body }) =>
      body.includes('"stuck"') ? new Promise(() => {}) : undefined,
    )
    const tabs = sharedTabs()
    const [first, second] = [await openTab(api, tabs), await openTab(api, tabs)]
    const begun = failure(second.chat.send('stuck'))
    await vi.waitFor(() => expect(sends(api)).toContain('stuck'))
    const queued = second.chat.send('queued')
    await sleep(20)
    first.chat.leave()
    expect(await begun).toMatchObject({ code: 'SEND_UNCERTAIN' })
    await queued
    expect(sends(api)).toEqual(['CONNECT', 'stuck', 'queued'])
  })

  it('do not send what was given up in time', async () => {
    const api = await startChatApi(async ({ body }) => {
      if (body.includes('"first"')) await sleep(100)
      return undefined
    })
    const { chat } = await openTab(api, undefined)
    const controller = new AbortController()
    const reason = new Error('never mind')
    const first = chat.send('first')
    const second = failure(chat.send('second', { signal: controller.signal }))
    const third = chat.send('third')
    controller.abort(reason)
    expect(await second).toBe(reason)
    await Promise.all([first, third])
    expect(sends(api)).toEqual(['CONNECT', 'first', 'third'])
  })

  it('end together', async () => {
    const api = await startChatApi()
    const tabs = sharedTabs()
    const [first, second] = [await openTab(api, tabs), await openTab(api, tabs)]
    await second.chat.end()
    for (const { ended } of [first, second]) await vi.waitFor(() => expect(ended).toEqual([undefined]))
    // and the next chat is a new one
    await openTab(api, tabs)
    expect(api.calls().filter((call) => call === 'applyToken').length).toBe(2)
  })

  it('do not take the end of the chat before for the end of the one that begins', async () => {
    const tabs = sharedTabs()
    const names: string[] = []
    const channel: SharedTabs['channel'] = (name, heard) => {
      names.push(name)
      return tabs.channel(name, heard)
    }
    const api = await startChatApi(async ({ line }) => {
      if (line.includes('applyToken')) tabs.channel(names[0] ?? '', () => {})?.post({ kind: 'end' })
      await sleep(20)
      return undefined
    })
    const { ended } = await openTab(api, { ...tabs, channel })
    expect(ended).toEqual([])
    tabs.channel(names[0] ?? '', () => {})?.post({ kind: 'end' })
    await vi.waitFor(() => expect(ended).toEqual([undefined]))
  })

  it('let the second begin when the first is refused', async () => {
    let count = 0
    const api = await startChatApi(({ line }) => {
      if (!line.includes('applyToken')) return undefined
      count += 1
      return count === 1 ? { status: 403, body: { errorCode: '990004030' } } : undefined
    })
    const tabs = sharedTabs()
    const [refused] = await Promise.all([failure(openTab(api, tabs)), openTab(api, tabs)])
    expect(refused).toMatchObject({ code: '990004030' })
  })

  it('pause between polls only when nobody sees either of them', async () => {
    const api = await startChatApi()
    const tabs = sharedTabs()
    const [first, second] = [await openTab(api, tabs), await openTab(api, tabs)]
    const long = (): number => first.world.pauses.filter((ms) => ms === 5000).length
    first.world.show(false)
    await sleep(150)
    expect(long()).toBe(0)
    second.world.show(false)
    await vi.waitFor(() => expect(long()).toBeGreaterThan(0))
  })
})
