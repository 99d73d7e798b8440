import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaksIn, secret } from '../support/canary.ts'
import { startStandIn } from '../support/stand-in.ts'
import { GOOD_BODIES, startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { call, callersSecret, newCallerKey, PREFIX, type RequestParts, TENANT } from '../support/world.ts'

let world: VendorWorld
let at: number
const now = () => new Date(at)

beforeAll(async () => {
  at = Date.now()
  world = await startVendorWorld({ now })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.dynamoDb.clearFaults()
  await world.clearTokens()
  at += 120_000
  world.vendors.cec.clearFaults()
  world.vendors.cec.resetCalls()
  world.putSettings('cec')
})

const GOOD = GOOD_BODIES.applyToken
const parts = (changes: object = {}): RequestParts => ({
  headers: world.authorization,
  body: { ...GOOD, ...changes },
})
const calls = () => [world.vendors.cec.calls('tokenByAkSk'), world.vendors.cec.calls('applyToken')]
const fresh = () => world.fresh('applyToken', { now })

describe('POST /apiaccess/ccmessaging/applyToken', () => {
  it('answers with a chat token in CEC’s own members, and when it ends', async () => {
    const { status, body, line } = await call(world, await fresh(), parts())
    expect(status).toBe(200)
    expect(body).toEqual({
      token: expect.stringMatching(/^[A-Za-z0-9+/=]{20,}$/),
      resultCode: '0',
      resultDesc: '',
      expiresAt: new Date(at + 3_600_000).toISOString(),
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
    at += 491_000
    await call(world, sandbox, parts())
    expect(calls()).toEqual([1, 5])
    at += 1_000
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
    at += 983_000
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
    at += 5_000
    const both = await Promise.all([ask(), ask()])
    expect(both.map(({ status }) => status)).toEqual([503, 503])
    expect(calls()[0]).toBe(2)
    at += 9_999
    await ask()
    expect(calls()[0]).toBe(2)
    at += 1
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
    at += 5_000
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
    at += 61_000
    world.vendors.cec.fail({ fault: 'bearer-expired', call: 'applyToken' })
    expect((await call(world, sandbox, parts())).status).toBe(200)
    expect(calls()).toEqual([2, 3])
  })

  it('lets every parallel request use the one AccessToken that replaces a refused one', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, parts())
    at += 10_000
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
    at += 61_000
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
    at += 59_999
    expect(await ask()).toBe('UPSTREAM_NOT_ENTITLED')
    expect(calls()[0]).toBe(2)
    at += 1
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
    at += 30_000
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

describe('the tenant of a vendor route', () => {
  const OTHER = '202007159032'
  const keys = { two: newCallerKey('key for two tenants') }
  beforeAll(() => {
    world.vendors.addTenant(OTHER)
    world.secretsManager.put(
      `${PREFIX}/callers`,
      callersSecret([
        { callerId: 'shop', key: world.callerKey, scopes: ['chat-token:issue'] },
        { callerId: 'two', key: keys.two, scopes: ['chat-token:issue'], tenants: [TENANT, OTHER, 'bare'] },
      ]),
    )
    world.putSettings('cec', {}, OTHER)
  })
  const named = (tenant?: string): RequestParts => ({
    headers: {
      authorization: `Bearer ${keys.two}`,
      ...(tenant === undefined ? {} : { 'X-Tenant-Space-Id': tenant }),
    },
    body: GOOD,
  })

  it.each([
    ['must be named when a caller has several', undefined, 400, 'TENANT_UNNAMED'],
    ['may be either when named', OTHER, 200, 'CHAT_TOKEN_ISSUED'],
    ['must be one of the caller’s', '202007159033', 403, 'TENANT_FORBIDDEN'],
    ['must have settings for the system', 'bare', 404, 'TENANT_WITHOUT_SYSTEM'],
  ])('%s', async (_, tenant, status, code) => {
    const answer = await call(world, await fresh(), named(tenant))
    expect([answer.status, answer.line.code]).toEqual([status, code])
  })

  it('is named in CEC’s words when it lacks the system', async () => {
    const { body } = await call(world, await fresh(), named('bare'))
    expect(body).toEqual({ errorCode: '990004042', exceptionInfo: 'this tenant has no settings for CEC' })
  })

  it('names a malformed secret of the tenant in the log, and nothing of it outside', async () => {
    world.secretsManager.put(`${PREFIX}/tenants/${OTHER}/cec`, { tokenUrl: 'no url' })
    const { status, body, line } = await call(world, await fresh(), named(OTHER))
    expect([status, body.errorCode, line.code]).toEqual([503, '990005030', 'SECRET_MALFORMED'])
    expect(line).toMatchObject({
      secret: `${PREFIX}/tenants/${OTHER}/cec`,
      field: 'tokenUrl',
      expected: 'expected an https URL such as "https://host.example"',
    })
    world.putSettings('cec', {}, OTHER)
  })

  it('lacks the system where Secrets Manager denies what does not exist', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, { headers: world.authorization })
    const denied = { kind: 'error', status: 400, type: 'AccessDeniedException', times: 1 } as const
    world.secretsManager.fail({ ...denied, action: 'GetSecretValue' })
    expect((await call(world, sandbox, named(TENANT))).line).toMatchObject({
      code: 'TENANT_WITHOUT_SYSTEM',
      reason: 'AccessDeniedException',
    })
  })

  it('never shares an AccessToken with another', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, named(TENANT))
    await call(world, sandbox, named(OTHER))
    expect(calls()).toEqual([2, 2])
  })
})

describe('what a tenant’s settings change in the call', () => {
  const ANSWER = { body: '{"token":"a-chat-token","resultCode":"0"}' }

  it.each([
    ['language', 'zh_CN', 'zh'],
    ['language', 'en', 'en'],
    ['as-is', 'zh_CN', 'zh_CN'],
  ])('locale %s sends %s as %s', async (locale, given, sent) => {
    const cec = await startStandIn(() => ANSWER)
    world.putSettings('cec', { applyTokenUrl: cec.url, locale })
    expect((await call(world, await fresh(), parts({ locale: given }))).status).toBe(200)
    expect(JSON.parse(cec.heard[0]?.body ?? '')).toEqual({ ...GOOD, locale: sent })
  })

  it('tenantSpaceIdHeader goes along as X-TenantSpaceID, with the login too, and nothing does without it', async () => {
    const cec = await startStandIn(() => ({
      body: '{"AccessToken":"an-access-token","token":"a-chat-token"}',
    }))
    const addresses = { tokenUrl: cec.url, applyTokenUrl: cec.url }
    world.putSettings('cec', { ...addresses, tenantSpaceIdHeader: 'space-of-cec' })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(cec.heard.map(({ headers }) => headers['x-tenantspaceid'])).toEqual([
      'space-of-cec',
      'space-of-cec',
    ])
    world.putSettings('cec', addresses)
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(cec.heard.at(-1)?.headers['x-tenantspaceid']).toBeUndefined()
  })
})

describe('values that CEC refuses', () => {
  it.each([
    ['status 500', { status: 500, body: '{"errorCode":"0","exceptionInfo":"failed"}' }],
    ['a resultCode of "1"', { body: '{"resultCode":"1"}' }],
    ['a resultCode of 1', { body: '{"resultCode":1,"resultDesc":"failed"}' }],
    ['a resultCode of "01"', { body: '{"resultCode":" 01 "}' }],
    ['a resultCode of "1" beside a token', { body: '{"token":"a-token","resultCode":"1"}' }],
  ])('as %s are told with the four parameters, asked once, and counted by a metric', async (_, answer) => {
    const cec = await startStandIn(() => answer)
    world.putSettings('cec', { applyTokenUrl: cec.url })
    const { status, body, line } = await call(world, await fresh(), parts())
    expect([status, body, cec.heard.length]).toEqual([
      400,
      {
        errorCode: '990004007',
        exceptionInfo: 'CEC refuses the values of the request: check channelId, userId, userName and locale',
      },
      1,
    ])
    expect(line).toMatchObject({ code: 'UPSTREAM_VALUES_REFUSED', tenantSpaceId: TENANT, ValuesRefused: 1 })
  })

  it('are none with status 503 that says when to come back: told, and not asked again', async () => {
    const cec = await startStandIn(() => ({ status: 503, headers: { 'retry-after': '3600' } }))
    world.putSettings('cec', { applyTokenUrl: cec.url })
    const { status, headers } = await call(world, await fresh(), parts())
    expect([status, headers['retry-after'], cec.heard.length]).toEqual([503, '3600', 1])
  })

  it.each(['" 0 "', '"00"', '0'])('are none with a resultCode of %s', async (resultCode) => {
    const cec = await startStandIn(() => ({ body: `{"token":"a-chat-token","resultCode":${resultCode}}` }))
    world.putSettings('cec', { applyTokenUrl: cec.url })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })

  it.each([
    ['status 502', 502],
    ['status 503', 503],
    ['status 504', 504],
  ])('are none with %s: an outage, which is asked again', async (_, status) => {
    const cec = await startStandIn((nth) => (nth < 3 ? { status } : ANSWERED))
    world.putSettings('cec', { applyTokenUrl: cec.url })
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(cec.heard).toHaveLength(3)
  })
})

const ANSWERED = { body: '{"token":"a-chat-token"}' }
