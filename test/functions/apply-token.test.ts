import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { calls, clock, fresh, GOOD, parts, useApplyTokenWorld, world } from '../support/apply-token-world.ts'
import { leaksIn, secret } from '../support/canary.ts'
import { call, type RequestParts, TENANT } from '../support/world.ts'

useApplyTokenWorld()

describe('POST /apiaccess/ccmessaging/applyToken', () => {
  it('answers with a chat token in CEC’s own members, and when it ends', async () => {
    const { status, body, line } = await call(world, await fresh(), parts())
    expect(status).toBe(200)
    expect(body).toEqual({
      token: expect.stringMatching(/^[A-Za-z0-9+/=]{20,}$/),
      resultCode: '0',
      resultDesc: '',
      expiresAt: new Date(clock.at + 3_600_000).toISOString(),
    })
    expect(line).toMatchObject({
      level: 'INFO',
      code: 'CHAT_TOKEN_ISSUED',
      callerId: 'shop',
      tenantSpaceId: TENANT,
    })
  })

  it('asks for one AccessToken for all users, and for a new one only towards its end', async () => {
    const sandbox = await fresh()
    await Promise.all(['a', 'b', 'c', 'd'].map((userId) => call(world, sandbox, parts({ userId }))))
    expect(calls()).toEqual([1, 4])
    // of 600 s, a fifth is left when one request renews it; give or take a tenth of that
    clock.at += 491_000
    await call(world, sandbox, parts())
    expect(calls()).toEqual([1, 5])
    clock.at += 1_000
    await call(world, sandbox, parts())
    expect(calls()).toEqual([2, 6])
  })

  it('shares the AccessToken between sandboxes, and stores nothing that a dump could use', async () => {
    for (const sandbox of [await fresh(), await fresh(), await fresh()]) {
      expect((await call(world, sandbox, parts())).status).toBe(200)
    }
    expect(calls()).toEqual([1, 3])
    const items = await world.tokenItems()
    expect(items).toMatchObject([{ system: 'cec', tenantSpaceId: TENANT, generation: 1 }])
    expect(leaksIn(JSON.stringify(items))).toEqual([])
  })

  it('always says how long the AccessToken shall live', async () => {
    world.putSettings('cec', { tokenExpireSeconds: 1200 })
    const sandbox = await fresh()
    await call(world, sandbox, parts())
    clock.at += 983_000
    await call(world, sandbox, parts())
    expect(calls()).toEqual([1, 2])
  })

  it('takes both forms of a locale, and a userId too long for the chat with a remark', async () => {
    const sandbox = await fresh()
    for (const locale of ['zh', 'en', 'zh_CN', 'en_US']) {
      expect((await call(world, sandbox, parts({ locale }))).status).toBe(200)
    }
    const { status, line } = await call(world, sandbox, parts({ userId: 'a'.repeat(25) }))
    expect([status, line.isUserIdLongForChat]).toEqual([200, true])
  })

  it('counts the characters of a channelId as code points, and holds it to the text rules', async () => {
    const sandbox = await fresh()
    const statusOf = async (channelId: string) => (await call(world, sandbox, parts({ channelId }))).line.code
    expect(await statusOf('\u{20000}'.repeat(128))).toBe('CHAT_TOKEN_ISSUED')
    for (const bad of ['\u{20000}'.repeat(129), 'web\u200b', ' web', 'web\n'])
      expect(await statusOf(bad)).toBe('BODY_INVALID')
  })

  it('counts the characters of a userId for the chat as code points', async () => {
    const sandbox = await fresh()
    const remarkFor = async (userId: string) =>
      (await call(world, sandbox, parts({ userId }))).line.isUserIdLongForChat
    expect(await remarkFor('\u{20000}'.repeat(24))).toBeUndefined()
    expect(await remarkFor('\u{20000}'.repeat(25))).toBe(true)
  })

  describe('with the members in reqBody, as table 2 has them', () => {
    const wrapped = (changes: object = {}, beside: object = {}): RequestParts => ({
      headers: world.authorization,
      body: { reqBody: { ...GOOD, ...changes }, ...beside },
    })

    it('asks CEC in the same words', async () => {
      const heard: unknown[] = []
      const listens = (fields: Record<string, unknown>) => heard.push(fields) < 0
      world.vendors.cec.fail({ fault: 'html-403', call: 'applyToken', times: 'always', when: listens })
      const sandbox = await fresh()
      for (const request of [parts(), wrapped()]) {
        const { status, line } = await call(world, sandbox, request)
        expect([status, line.code, line.userId]).toEqual([200, 'CHAT_TOKEN_ISSUED', GOOD.userId])
      }
      expect(heard).toEqual([GOOD, GOOD])
    })

    it.each([
      ['no userId', { userId: undefined }],
      ['a number for channelId', { channelId: 7 }],
      ['a bad locale', { locale: 'english' }],
      ['a name with a line break', { userName: 'Tom\n' }],
      ['a member more', { appSecret: 'guess' }],
    ])('refuses %s in the same words', async (_, change) => {
      const sandbox = await fresh()
      const [flat, inside] = [
        await call(world, sandbox, parts(change)),
        await call(world, sandbox, wrapped(change)),
      ]
      expect([inside.status, inside.body, inside.line.field]).toEqual([400, flat.body, flat.line.field])
      expect(calls()).toEqual([0, 0])
    })

    it.each([
      ['all members beside it', GOOD],
      ['one member beside it', { userId: 'victim' }],
      ['a member beside it that nobody knows', { x: 1 }],
    ])('refuses %s', async (_, beside) => {
      const { status, line } = await call(world, await fresh(), wrapped({}, beside))
      expect([status, line.code]).toEqual([400, 'BODY_INVALID'])
      expect(calls()).toEqual([0, 0])
    })
  })

  it('tells CEC a name in form NFC', async () => {
    const heard: unknown[] = []
    const listens = ({ userName }: Record<string, unknown>) => heard.push(userName) < 0
    world.vendors.cec.fail({ fault: 'html-403', call: 'applyToken', times: 'always', when: listens })
    expect((await call(world, await fresh(), parts({ userName: 'Zoe\u0308' }))).status).toBe(200)
    expect(heard).toEqual(['Zo\u00eb'])
  })

  it.each([
    ['userId', { userId: '' }],
    ['userName', { userName: undefined }],
    ['channelId', { channelId: 7 }],
    ['locale', { locale: 'english' }],
  ])('refuses a request with a bad %s before any call', async (field, change) => {
    const { status, body, line } = await call(world, await fresh(), parts(change))
    expect([status, body.errorCode, line.field]).toEqual([400, '990004000', field])
    expect(body.exceptionInfo).toMatch(new RegExp(`^${field}: expected`))
    expect(calls()).toEqual([0, 0])
  })

  it('blocks nobody because a firewall dislikes one caller’s userName', async () => {
    const sandbox = await fresh()
    const isOdd = ({ userName }: Record<string, unknown>) => userName === "Robert'); DROP TABLE"
    world.vendors.cec.fail({ fault: 'html-403', call: 'applyToken', times: 'always', when: isOdd })
    const odd = await call(world, sandbox, parts({ userName: "Robert'); DROP TABLE" }))
    expect([odd.status, odd.line.code]).toEqual([503, 'UPSTREAM_REFUSED'])
    expect((await call(world, sandbox, parts())).status).toBe(200)
    expect(calls()).toEqual([1, 2])
  })

  it('backs off when tokenByAkSk refuses without a reason: 5 s, doubling, one prober, until it answers', async () => {
    const sandbox = await fresh()
    world.vendors.cec.fail({ fault: 'html-403', call: 'tokenByAkSk', times: 'always' })
    const ask = () => call(world, sandbox, parts())
    expect((await ask()).line.code).toBe('UPSTREAM_REFUSED')
    const paused = await ask()
    expect([paused.status, paused.headers['retry-after'], calls()[0]]).toEqual([503, '5', 1])
    clock.at += 5_000
    const both = await Promise.all([ask(), ask()])
    expect(both.map(({ status }) => status)).toEqual([503, 503])
    expect(calls()[0]).toBe(2)
    clock.at += 9_999
    await ask()
    expect(calls()[0]).toBe(2)
    clock.at += 1
    world.vendors.cec.clearFaults()
    expect((await ask()).status).toBe(200)
  })

  it('backs off in every sandbox at once, and lets one of them try after the pause', async () => {
    world.vendors.cec.fail({ fault: 'html-403', call: 'tokenByAkSk', times: 'always' })
    expect((await call(world, await fresh(), parts())).line.code).toBe('UPSTREAM_REFUSED')
    const others = [await fresh(), await fresh(), await fresh()]
    const ask = () => Promise.all(others.map((sandbox) => call(world, sandbox, parts())))
    expect((await ask()).map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
      Array(3).fill([503, '5']),
    )
    expect(calls()).toEqual([1, 0])
    clock.at += 5_000
    world.vendors.cec.clearFaults()
    expect((await ask()).filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
    expect(calls()[0]).toBe(2)
    expect((await ask()).map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('goes on with the table down, each sandbox with a token of its own', async () => {
    world.dynamoDb.fail({ kind: 'error' })
    const sandboxes = [await fresh(), await fresh()]
    for (const sandbox of [...sandboxes, ...sandboxes])
      expect((await call(world, sandbox, parts())).status).toBe(200)
    world.dynamoDb.clearFaults()
    expect(calls()).toEqual([2, 4])
  })

  it('refreshes an AccessToken that died before its time once, whatever its age', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, parts())
    clock.at += 61_000
    world.vendors.cec.fail({ fault: 'bearer-expired', call: 'applyToken' })
    expect((await call(world, sandbox, parts())).status).toBe(200)
    expect(calls()).toEqual([2, 3])
  })

  it('lets every parallel request use the one AccessToken that replaces a refused one', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, parts())
    clock.at += 10_000
    world.vendors.cec.fail({ fault: 'bearer-expired', call: 'applyToken' })
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((userId) => call(world, sandbox, parts({ userId }))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(calls()[0]).toBe(2)
  })

  it('hands out no AccessToken that CEC gives as a chat token', async () => {
    const AccessToken = secret('AccessToken', randomBytes(30).toString('base64url'))
    world.vendors.cec.fail({
      fault: 'reply',
      call: 'tokenByAkSk',
      body: JSON.stringify({ AccessToken, Expires: 600 }),
    })
    world.vendors.cec.fail({
      fault: 'reply',
      call: 'applyToken',
      body: JSON.stringify({ token: AccessToken }),
    })
    expect((await call(world, await fresh(), parts())).line).toMatchObject({
      code: 'UPSTREAM_UNEXPECTED',
      reason: 'repeats a secret',
    })
  })

  it('takes no AccessToken that holds the appSecret', async () => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).cec
    world.vendors.cec.fail({
      fault: 'reply',
      call: 'tokenByAkSk',
      body: JSON.stringify({ AccessToken: `x${appSecret}` }),
    })
    expect((await call(world, await fresh(), parts())).line).toMatchObject({
      code: 'UPSTREAM_UNEXPECTED',
      reason: 'repeats a secret',
    })
    expect(calls()).toEqual([1, 0])
  })

  it('says that CEC is down when a dead AccessToken cannot be replaced', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, parts())
    clock.at += 61_000
    world.vendors.cec.fail({ fault: 'bearer-expired', call: 'applyToken' })
    world.vendors.cec.fail({ fault: 'status-500', call: 'tokenByAkSk', times: 'always' })
    expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_UNAVAILABLE')
    world.vendors.cec.clearFaults()
    expect((await call(world, sandbox, parts())).status).toBe(200)
  })

  it('reads no secret again because a firewall dislikes a caller’s text', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, parts())
    world.secretsManager.resetCalls()
    world.vendors.cec.fail({ fault: 'html-403', call: 'applyToken', times: 'always' })
    for (let i = 0; i < 3; i++) await call(world, sandbox, parts())
    expect(world.secretsManager.calls('GetSecretValue')).toBe(0)
  })

  it('refreshes a refused fresh AccessToken at most once a minute, and says what to check', async () => {
    const sandbox = await fresh()
    world.vendors.cec.fail({ fault: 'not-purchased', call: 'applyToken', times: 'always' })
    for (let i = 0; i < 5; i++) {
      expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_NOT_ENTITLED')
    }
    expect(calls()).toEqual([2, 6])
  })

  it('counts that minute for all sandboxes', async () => {
    world.vendors.cec.fail({ fault: 'not-purchased', call: 'applyToken', times: 'always' })
    const ask = async () => (await call(world, await fresh(), parts())).line.code
    for (let i = 0; i < 3; i++) expect(await ask()).toBe('UPSTREAM_NOT_ENTITLED')
    expect(calls()[0]).toBe(2)
    // younger than a minute, the token cannot have expired
    clock.at += 59_999
    expect(await ask()).toBe('UPSTREAM_NOT_ENTITLED')
    expect(calls()[0]).toBe(2)
    clock.at += 1
    world.vendors.cec.clearFaults()
    world.vendors.cec.fail({ fault: 'not-purchased', call: 'applyToken' })
    expect(await ask()).toBe('CHAT_TOKEN_ISSUED')
    expect(calls()[0]).toBe(3)
  })

  it('uses new settings as soon as the secret that was refused has changed', async () => {
    const sandbox = await fresh()
    secret('wrong secret', 'wrong-wrong-wrong')
    world.putSettings('cec', { appSecret: 'wrong-wrong-wrong' })
    expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_REFUSED')
    world.putSettings('cec')
    clock.at += 30_000
    expect((await call(world, sandbox, parts())).status).toBe(200)
  })

  it('shows no secret when CEC repeats everything that it was told', async () => {
    const AccessToken = secret('AccessToken', randomBytes(30).toString('base64url'))
    const body = JSON.stringify({ AccessToken, Expires: '600' })
    world.vendors.cec.fail({ fault: 'reply', call: 'tokenByAkSk', body, times: 'always' })
    for (const status of [200, 400, 401, 403, 418, 429, 500]) {
      world.vendors.cec.fail({ fault: 'echo', call: 'applyToken', status, times: 3 })
      expect((await call(world, await fresh(), parts())).status).toBeGreaterThanOrEqual(400)
      world.vendors.cec.clearFaults()
      world.vendors.cec.fail({ fault: 'reply', call: 'tokenByAkSk', body, times: 'always' })
    }
  })
})
