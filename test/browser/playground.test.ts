import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Playground, press, REBOUND, says, seriousIssues, startPlayground, tabTo } from './playground.ts'

let playground: Playground
beforeAll(async () => {
  playground = await startPlayground()
})
afterAll(() => playground?.close())

const signIn = async (page: Page): Promise<void> => {
  await press(page, 'Sign in')
  await says(page, 'signed-in', 'Signed in: Tom (10010001)')
}

const signInOther = async (page: Page): Promise<void> => {
  await tabTo(page, 'User')
  await page.keyboard.press('ArrowDown')
  await press(page, 'Sign in')
  await says(page, 'signed-in', 'Signed in: 张三 (张三)')
}

/** Steps 1 to 3, as far as CEC lets the visitor in. */
const enter = async (page: Page): Promise<void> => {
  await signIn(page)
  await press(page, 'Get a token')
  await says(page, 'token-result', 'The page has a token.')
  await press(page, 'Enter with this token')
  await says(page, 'entries', 'retCode 0')
}

const entries = (page: Page): Promise<readonly string[]> =>
  page
    .locator('#entries li')
    .evaluateAll((items) => items.map(({ textContent }) => /retCode \d+/.exec(textContent ?? '')?.[0] ?? ''))

/** The calls that are listed, without their times. */
const calls = (page: Page): Promise<readonly string[]> =>
  page
    .locator('#calls > li:not(.empty-poll)')
    .evaluateAll((items) =>
      items.map((item) =>
        ['.parties', 'code', '.good, .bad'].map((part) => item.querySelector(part)?.textContent).join('  '),
      ),
    )

const VALIDATE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'

describe('playground in Chromium, by the keyboard alone', () => {
  it('shows the claims of a token, and the calls that a visitor’s entry leads to', async () => {
    const page = await playground.open()
    await press(page, 'Clear the list')
    await enter(page)
    const claims = await page.locator('#claims tbody tr').allTextContents()
    expect(claims).toContain('sub10010001')
    expect(claims).toContain('audurn:cec:202007159031')
    await expect
      .poll(() => calls(page))
      .toEqual([
        'page → back end  POST /playground/back-end/sign-in  200',
        'page → back end  POST /playground/back-end/enterprise-token  201',
        'back end → stage  POST /enterprise-tokens  201',
        'page → CEC  POST /playground/cec/chat-entry  200',
        `CEC → stage  POST ${VALIDATE}  200`,
      ])
  })

  it('opens a call, which shows request and answer', async () => {
    const page = await playground.open()
    await press(page, 'Clear the list')
    await signIn(page)
    const summary = page.locator('#calls summary')
    await summary.waitFor()
    await tabTo(page, (await summary.textContent())?.trim() ?? '')
    await page.keyboard.press('Enter')
    const opened = page.locator('#calls details[open]')
    expect(await opened.locator('h3').allTextContents()).toEqual(['Request', 'Answer'])
    expect(await opened.locator('pre').last().textContent()).toContain('"userName": "Tom"')
  })

  it('sees the validate answer change from 0 to 5 by a revocation, and back by a new token', async () => {
    const page = await playground.open()
    await enter(page)
    await press(page, "Revoke the user's tokens")
    await says(page, 'entry-result', 'Revoked.')
    await press(page, 'Enter with this token')
    await says(page, 'entries', 'retCode 5')
    await press(page, 'Get a token')
    await says(page, 'token-result', 'The page has a token.')
    await press(page, 'Enter with this token')
    await says(page, 'entry-result', 'CEC lets the visitor in.')
    expect(await entries(page)).toEqual(['retCode 0', 'retCode 5', 'retCode 0'])
  })

  it('rotates the signing key, and a token of the older key stays good', async () => {
    const page = await playground.open()
    await enter(page)
    await press(page, 'Rotate the signing key')
    await says(page, 'entry-result', /Rotated\. .* this kid: [\w-]{43}$/)
    await press(page, 'Enter with this token')
    await says(page, 'entry-result', 'CEC lets the visitor in.')
    expect(await entries(page)).toEqual(['retCode 0', 'retCode 0'])
    await press(page, 'Rotate the signing key')
    await says(page, 'entry-result', 'Refused: 409 Too early')
  })

  it('chats with the agent of CEC’s emulator, and shows the relay’s calls', async () => {
    const page = await playground.open()
    await signIn(page)
    await press(page, 'Begin a chat')
    await says(page, 'chat-result', 'The chat has begun.')
    await tabTo(page, 'Message')
    await page.keyboard.type('Good morning')
    await page.keyboard.press('Enter')
    await says(page, 'messages', 'Agent: Good morning')
    expect(await page.locator('#messages li').allTextContents()).toEqual([
      'You: Good morning',
      'Agent: Good morning',
    ])
    await press(page, 'End the chat')
    await says(page, 'chat-result', 'The chat has ended.')
    expect(await page.evaluate('document.activeElement.id')).toBe('open-chat')
    for (const call of [
      'page → stage  POST /apiaccess/ccmessaging/applyToken  200',
      'stage → CEC  POST /apiaccess/ccmessaging/applyToken  200',
      'page → stage  POST /apiaccess/ccmessaging/send  200',
      'stage → CEC  POST /apiaccess/ccmessaging/send  200',
    ])
      await expect.poll(() => calls(page)).toContain(call)
  })

  it.each([
    ['OIAP AppCube', /"expireTime": \d+/],
    ['OIAP gettoken', /"expireTime": \d+/],
    ['Alibaba Live', /"AccessToken": "\S{6}… \(\d+\)"/],
    ['Alibaba IM', /"app_token": "\S{6}… \(64\)"/],
    ['Alibaba RTC', /"ChannelID": "room-1"/],
  ])('fetches the token of %s', async (name, answer) => {
    const page = await playground.open()
    await signIn(page)
    await press(page, name)
    await says(page, 'vendor-answer', answer)
    expect(await page.locator('#vendor-answer').textContent()).not.toContain('authToken')
  })

  it('signs in another user, whose steps begin anew', async () => {
    const page = await playground.open()
    await enter(page)
    await signInOther(page)
    expect([await page.locator('#claims').isVisible(), await entries(page)]).toEqual([false, []])
    expect(await page.locator('#entry').isDisabled()).toBe(true)
  })

  it('fetches the vendors’ tokens of the user who has signed in last', async () => {
    const page = await playground.open()
    await signIn(page)
    await press(page, 'Alibaba RTC')
    await says(page, 'vendor-answer', '"UserID": "10010001"')
    await signInOther(page)
    for (const [name, answer] of [
      ['OIAP AppCube', '"expireTime"'],
      ['OIAP gettoken', '"expireTime"'],
      ['Alibaba RTC', '"UserID": "张三"'],
    ] as const) {
      await press(page, name)
      await says(page, 'vendor-name', name)
      await says(page, 'vendor-answer', answer)
    }
    for (const name of ['Alibaba Live', 'Alibaba IM']) {
      await press(page, name)
      await says(page, 'vendor-name', /"userId":"sha256-32".* Refused: 400 .*[uU]serId/)
      expect(await page.locator('#vendor-answer').isVisible()).toBe(false)
      await press(page, 'OIAP AppCube')
      await says(page, 'vendor-name', 'OIAP AppCube')
    }
  })

  it('opens one chat for two clicks, and none for a user whose place another one takes', async () => {
    const page = await playground.open()
    await signIn(page)
    await page.evaluate(
      "document.getElementById('open-chat').click(); document.getElementById('open-chat').click()",
    )
    await says(page, 'chat-result', 'The chat has begun.')
    await page.locator('#message').fill('Good morning')
    await page.locator('#send').click()
    await says(page, 'messages', 'Agent: Good morning')
    expect(await page.locator('#messages li').allTextContents()).toEqual([
      'You: Good morning',
      'Agent: Good morning',
    ])

    const later = await playground.open()
    await signIn(later)
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    await later.route('**/applyToken', async (route) => {
      await held
      await route.continue()
    })
    const asked = later.waitForRequest('**/applyToken')
    await press(later, 'Begin a chat')
    await asked
    await signInOther(later)
    release()
    await later.locator('#chat-result:empty').waitFor({ state: 'attached' })
    await press(later, 'Begin a chat')
    await says(later, 'chat-result', 'The chat has begun.')
    expect(await later.locator('#send').isEnabled()).toBe(true)
  })

  it('speaks Chinese when asked to, and remembers it', async () => {
    const page = await playground.open()
    await signIn(page)
    await press(page, '中文')
    const language = () => page.evaluate('document.documentElement.lang')
    expect([await language(), await page.locator('h1').textContent()]).toEqual([
      'zh-CN',
      'cec-token-bridge 演练页',
    ])
    await says(page, 'signed-in', /^已登录.Tom \(10010001\)$/)
    await page.reload()
    expect([await language(), await page.locator('#sign-in').textContent()]).toEqual(['zh-CN', '登录'])
  })

  it('speaks Chinese at once to a browser that does', async () => {
    const page = await playground.open({ locale: 'zh-CN' })
    expect(await page.locator('#sign-in').textContent()).toBe('登录')
  })
})

describe('playground in Chromium: what it shows', () => {
  it('shows no token whole, though its page gets the user’s own, and breaks no rule of its policy', async () => {
    const page = await playground.open()
    const bodies: Promise<string>[] = []
    const faults: string[] = []
    const keepBody = (answer: Response) => {
      if (!answer.headers()['content-type']?.includes('json')) return
      const body = answer.text()
      // Whoever awaits it below still fails. Until then a page that ends has its own failure to show.
      body.catch(() => undefined)
      bodies.push(body)
    }
    page.on('response', keepBody)
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text())
    })
    page.on('pageerror', ({ message }) => faults.push(message))
    await enter(page)
    await press(page, 'Begin a chat')
    await says(page, 'chat-result', 'The chat has begun.')
    for (const vendor of ['OIAP AppCube', 'Alibaba Live', 'Alibaba IM', 'Alibaba RTC']) {
      await press(page, vendor)
      await says(page, 'vendor-name', vendor)
    }
    const shown = await page.content()
    // The page asks on while it is open. What it asks from here on could end with the page, half read.
    page.off('response', keepBody)
    const asked = (await Promise.all(bodies)).join('\n')
    const tokens = new Set([...asked.matchAll(/"\w*[tT]oken":"([^"]{20,})"/g)].map(([, token = '']) => token))
    expect(tokens.size).toBeGreaterThan(4)
    expect([...tokens].filter((token) => shown.includes(token))).toEqual([])
    expect(shown).not.toContain('ctb_local-development-only')
    expect(faults).toEqual([])
  })
})

describe('playground in Chromium: axe-core', () => {
  it.each([
    ['light', 'en', 1280],
    ['dark', 'zh-CN', 1280],
    ['light', 'zh-CN', 400],
    ['dark', 'en', 400],
  ] as const)('finds no serious issue (%s, %s, %i pixels wide)', async (colorScheme, locale, width) => {
    const page = await playground.open({ colorScheme, locale, viewport: { width, height: 800 } })
    expect(await seriousIssues(page)).toEqual([])
    for (const id of ['sign-in', 'token', 'entry', 'revoke', 'entry', 'open-chat']) {
      await page.locator(`#${id}`).click()
      await page.locator(`.result:text-matches("Asking|请求中")`).waitFor({ state: 'detached' })
    }
    await page.locator('#message').fill('Good morning')
    await page.locator('#send').click()
    await page.locator('#messages li').nth(1).waitFor()
    await page.getByRole('button', { name: 'OIAP AppCube' }).click()
    await page.locator('#vendor-answer:visible').waitFor()
    await page.locator('#calls summary').first().click()
    expect(await seriousIssues(page)).toEqual([])
  })

  it('finds a label that is gone and a colour that is too pale, when both are planted', async () => {
    const page = await playground.open()
    await page.evaluate(`
      document.querySelector('label[for=user]').remove()
      document.querySelector('h1').style.color = 'rgb(160 160 160)'
    `)
    const found = await seriousIssues(page)
    expect(found.map((issue) => issue.split(':')[0]).sort()).toEqual(['color-contrast', 'select-name'])
  })
})

describe('playground in Chromium: pages of others', () => {
  /** A page on this machine, of another origin than the stage. */
  const otherSite = async (): Promise<string> => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  /** Signs in and asks for a token, as the playground's own page does; returns both statuses, 0 for what a script may not see. */
  const attempt = `(async () => {
    const ask = async (route) => {
      const options = { method: 'POST', credentials: 'include', mode: MODE, body: '{"userId":"10010001"}', headers: HEADERS }
      return fetch(STAGE + '/playground/back-end/' + route, options).then(({ status }) => status, () => -1)
    }
    return [await ask('sign-in'), await ask('enterprise-token')]
  })()`
  const JSON_TYPE = `{ 'content-type': 'application/json' }`
  const run = (page: Page, mode: string, headers: string) =>
    page.evaluate(
      attempt
        .replace('MODE', `'${mode}'`)
        .replace('HEADERS', headers)
        .replace('STAGE', `'${playground.stage.url}'`),
    )

  it('get no token, while the playground’s own page does', async () => {
    const context = await playground.browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    await page.goto(`${playground.stage.url}/playground`)
    expect(await run(page, 'cors', JSON_TYPE)).toEqual([200, 201])
    await page.goto(await otherSite())
    const issued = () => playground.stage.output().split('"code":"TOKEN_ISSUED"').length
    const before = issued()
    expect(await run(page, 'cors', JSON_TYPE)).toEqual([-1, -1]) // the preflight is refused
    expect(await run(page, 'no-cors', '{}')).toEqual([0, 0])
    expect(issued()).toBe(before)
  })

  it('see no calls', async () => {
    const page = await playground.browser.newPage()
    onTestFinished(() => page.close())
    await page.goto(await otherSite())
    const opened = await page.evaluate(`new Promise((resolve) => {
      const stream = new EventSource('${playground.stage.url}/playground/calls')
      stream.onopen = () => resolve(true)
      stream.onerror = () => { stream.close(); resolve(false) }
    })`)
    expect(opened).toBe(false)
  })

  it('get nothing by a name that leads to this machine', async () => {
    const page = await playground.browser.newPage()
    onTestFinished(() => page.close())
    const { port } = new URL(playground.stage.url)
    const answer = await page.goto(`http://${REBOUND}:${port}/playground`)
    expect([answer?.status(), await answer?.text()]).toEqual([
      403,
      expect.stringContaining('at its own address'),
    ])
    const status = await page.evaluate(
      `fetch('/playground/back-end/sign-in', { method: 'POST', headers: ${JSON_TYPE}, body: '{"userId":"10010001"}' }).then(({ status }) => status)`,
    )
    expect(status).toBe(403)
  })
})
