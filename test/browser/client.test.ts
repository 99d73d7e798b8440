import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Site, startSite } from './site.ts'
import { openTab, type Tab } from './tab.ts'

const DIST = 'client/dist'
const SCRIPT = 'cec-token-bridge-client.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.close())
beforeEach(() => site.reset())

/** A browser of its own, as of another visitor, with so many tabs. */
const tabs = async (count: number, beforeEachTab?: string) => {
  const context = await site.browser.newContext()
  onTestFinished(() => context.close())
  if (beforeEachTab !== undefined) await context.addInitScript(beforeEachTab)
  const opened: Tab[] = []
  for (let nth = 0; nth < count; nth += 1) opened.push(await openTab(site, context))
  return { context, opened: opened as [Tab, Tab] }
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`)

const until = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 100 })

describe('client in Chromium: one tab', () => {
  it('chats over 20 messages and two renewals of ccmessaging-token, one from send and one from poll', async () => {
    const { opened } = await tabs(1)
    const [tab] = opened
    await tab.open('renewals')
    for (const text of numbered(1, 20)) {
      if (text === 'message 7') await site.fail({ fault: 'renewed-chat-token', call: 'send' })
      if (text === 'message 14') await site.fail({ fault: 'renewed-chat-token', call: 'poll' })
      expect(await tab.send(text)).toBe('sent')
    }
    await until(async () => expect(await tab.received()).toEqual(numbered(1, 20)))
    const { applyToken } = await site.calls()
    expect({ applyToken, ended: await tab.ended() }).toEqual({ applyToken: 1, ended: undefined })
  })

  it('goes on with the token that a failure has brought', async () => {
    const { opened } = await tabs(1)
    const [tab] = opened
    await tab.open('failure')
    await site.fail({ fault: 'header-on-failure', call: 'send', status: 500 })
    expect(await tab.send('lost')).not.toBe('sent')
    expect(await tab.send('kept')).toBe('sent')
    await until(async () => expect(await tab.received()).toEqual(['kept']))
  })

  it('has the next access token before the old one ends', async () => {
    const { opened } = await tabs(1)
    const [tab] = opened
    await tab.open('ahead')
    expect(tab.tokensAsked()).toBe(1)
    await sleep(33_000)
    expect(await tab.send('later')).toBe('sent')
    await until(async () => expect(await tab.received()).toEqual(['later']))
    expect(tab.tokensAsked()).toBe(2)
  })

  it('asks for one new access token when the old one ends before its time, and nobody notices', async () => {
    const { opened } = await tabs(1)
    const [tab] = opened
    await tab.open('early', { expiresIn: 3600 })
    await sleep(33_000)
    expect(await tab.send('later')).toBe('sent')
    await until(async () => expect(await tab.received()).toEqual(['later']))
    expect([tab.tokensAsked(), await tab.ended()]).toEqual([2, undefined])
  })

  it('says NETWORK without one, and goes on with the same chat once it is back', async () => {
    const { context, opened } = await tabs(1)
    const [tab] = opened
    await tab.open('offline')
    expect(await tab.send('before')).toBe('sent')
    await context.setOffline(true)
    expect(await tab.send('meanwhile')).toBe('NETWORK')
    await sleep(3000)
    await context.setOffline(false)
    expect(await tab.send('after')).toBe('sent')
    await until(async () => expect(await tab.received()).toContain('after'))
    const { applyToken } = await site.calls()
    expect([applyToken, await tab.ended()]).toEqual([1, undefined])
  })
})

describe('client in Chromium: a page', () => {
  it.each([
    ['localhost', undefined],
    ['127.0.0.1', 'NETWORK'], // the same server, and another origin
  ])('of %s, where corsOrigins lists localhost, gets %s', async (host, code) => {
    const context = await site.browser.newContext()
    onTestFinished(() => context.close())
    const tab = await openTab(site, context, site.origin.replace('localhost', host))
    const refused = await tab.open('origins').then(() => undefined, String)
    if (code === undefined) expect(refused).toBeUndefined()
    else expect(refused).toContain('no answer: network, CORS or time limit')
    expect((await site.calls())['applyToken']).toBe(code === undefined ? 1 : undefined)
  })
})

describe('client in Chromium: two tabs', () => {
  it('share one chat: one applyToken, every message in both, sends of the second through the first', async () => {
    const { opened } = await tabs(2)
    const [first, second] = opened
    await first.open('shared')
    await second.open('shared')
    expect(await first.send('from the first')).toBe('sent')
    expect(await second.send('from the second')).toBe('sent')
    for (const tab of opened) {
      await until(async () => expect(await tab.received()).toEqual(['from the first', 'from the second']))
      expect(await tab.sent()).toEqual(['from the first', 'from the second'])
    }
    const { applyToken } = await site.calls()
    expect([applyToken, second.tokensAsked()]).toEqual([1, 0])
  })

  it('go on in the second with the same chat when the first is closed, its token renewed or not', async () => {
    const { opened } = await tabs(2)
    const [first, second] = opened
    await first.open('closed')
    await second.open('closed')
    await site.fail({ fault: 'renewed-chat-token', call: 'send' })
    expect(await first.send('renews')).toBe('sent')
    await until(async () => expect(await second.received()).toEqual(['renews']))
    await first.page.close()
    await sleep(1500) // what the last poll of a tab that has gone takes along is lost
    expect(await second.send('alone')).toBe('sent')
    await until(async () => expect(await second.received()).toEqual(['renews', 'alone']))
    const { applyToken } = await site.calls()
    expect([applyToken, second.tokensAsked()]).toEqual([1, 1])
  })

  it('end together', async () => {
    const { opened } = await tabs(2)
    const [first, second] = opened
    await first.open('end')
    await second.open('end')
    await second.page.evaluate('chat.end()')
    for (const tab of opened) await until(async () => expect(await tab.ended()).toBe('ended'))
    expect(await first.send('too late')).toBe('CHAT_ENDED')
  })

  it('without Web Locks: the second ends the chat of the first, which is told', async () => {
    const { opened } = await tabs(2, 'delete Navigator.prototype.locks')
    const [first, second] = opened
    await first.open('unshared')
    await second.open('unshared')
    await until(async () => expect(await first.ended()).toBe('990004011'))
    expect(await second.send('mine')).toBe('sent')
    const { applyToken } = await site.calls()
    expect([applyToken, await second.ended()]).toEqual([2, undefined])
  })
})

const newPage = async () => {
  const context = await site.browser.newContext()
  onTestFinished(() => context.close())
  return context.newPage()
}

describe('examples/page', () => {
  it('chats: what is typed is shown, and so is the answer', async () => {
    const page = await newPage()
    await page.goto(site.origin)
    await page.getByText('Connected.').waitFor()
    await page.locator('#text').fill('Good morning')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Agent: Good morning').waitFor()
    expect(await page.locator('li').allTextContents()).toEqual(['You: Good morning', 'Agent: Good morning'])
  })

  it('says why it is not connected, at an origin that the stage does not let in', async () => {
    const page = await newPage()
    await page.goto(site.origin.replace('localhost', '127.0.0.1'))
    await page.getByText('Not connected: ').waitFor()
    expect(await page.locator('#state').textContent()).toBe(
      'Not connected: no answer: network, CORS or time limit',
    )
  })

  it('gives no access token to a browser that is not signed in', async () => {
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${site.origin}/access-token`, { method: 'POST', headers })).status
    const cookie = (await fetch(site.origin)).headers.get('set-cookie')?.split(';')[0] ?? ''
    expect([await status({}), await status({ cookie })]).toEqual([401, 201])
  })
})

describe('the client as one script', () => {
  /** What the page finds in `CecTokenBridge` with this value of `integrity`. */
  const members = async (integrity: string): Promise<unknown> => {
    const page = await newPage()
    await page.route(`${site.origin}/`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><script src="/${SCRIPT}" integrity="${integrity}"></script>`,
      }),
    )
    await page.route(`${site.origin}/${SCRIPT}`, (route) => route.fulfill({ path: `${DIST}/${SCRIPT}` }))
    await page.goto(`${site.origin}/`)
    return page.evaluate('Object.keys(globalThis.CecTokenBridge ?? {})')
  }
  const integrity = (): Record<string, string> => JSON.parse(readFileSync(`${DIST}/integrity.json`, 'utf8'))

  it('runs with the integrity hash that the build has written', async () => {
    const names = ['openChat', 'chatCalls', 'accessTokens', 'pageObject', 'ClientError']
    expect(await members(integrity()[SCRIPT] ?? '')).toEqual(names)
  })

  it('does not run with the hash of another file', async () => {
    expect(await members(integrity()['index.js'] ?? '')).toEqual([])
  })
})
