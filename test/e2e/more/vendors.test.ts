import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SCOPES } from '../../../lib/schemas/callers.ts'
import { SERVERLESS } from '../../../tools/local/offline-process.ts'
import { startUpstreams, type Upstreams } from '../../../tools/local/upstreams/upstreams.ts'
import { expectClean, secret } from '../../support/canary.ts'
import { runNode } from '../process.ts'
import { type Server, startServer } from '../server.ts'
import { startTap, type Tap } from '../tap.ts'

const TENANT = '202007159031'
const CHAT = '/apiaccess/ccmessaging'
const KEY = { authorization: 'Bearer ctb_local-development-only', 'content-type': 'application/json' }
const TOM = { userId: '10010001', userName: 'Tom', channelId: 'web-channel-1', locale: 'en' }
const DEVICE = { DeviceId: 'browser-1', DeviceType: 'web', UserId: '10010001' }
const OIAP_KEY = `oiap-${randomBytes(6).toString('hex')}`

/** A tenant that has an account with none of the vendors, and a caller for it and the other one. */
const BARE_TENANT = '202007159099'
const TWO_TENANTS_KEY = `ctb_${randomBytes(32).toString('base64url')}`

const callerWith = (key: string, callerId: string, tenants: string[]) => ({
  callerId,
  keys: [{ sha256: createHash('sha256').update(key).digest('hex'), expiresAt: 4_000_000_000 }],
  tenants,
  scopes: SCOPES,
})

const folder = mkdtempSync(join(tmpdir(), 'vendors-'))
const secretsFile = join(folder, 'secrets.json')
let upstreams: Upstreams
let tap: Tap
let server: Server

/** A second set of emulators, of which the server knows nothing but what the secrets say. */
beforeAll(async () => {
  upstreams = await startUpstreams()
  const own = { appKey: OIAP_KEY }
  const secrets = upstreams.addTenant(TENANT, { oiap: own, 'oiap-third-party': own })
  const { cec, oiap, live } = secrets
  secret('CEC app key', cec.appKey)
  secret('CEC app secret', cec.appSecret)
  secret('OIAP app secret', oiap.appSecret)
  secret('OIAP third-party password', secrets['oiap-third-party'].appSecret)
  secret('AccessKeyId', live.accessKeyId)
  secret('AccessKeySecret', live.accessKeySecret)
  tap = await startTap(cec.tokenUrl, (answer) => {
    const { AccessToken } = JSON.parse(answer)
    if (AccessToken !== undefined) secret('AccessToken of CEC', AccessToken)
  })
  const callers = [
    callerWith('ctb_local-development-only', 'one-tenant', [TENANT]),
    callerWith(secret('caller key', TWO_TENANTS_KEY), 'two-tenants', [TENANT, BARE_TENANT]),
  ]
  const prefix = 'cec-token-bridge/local'
  writeFileSync(
    secretsFile,
    JSON.stringify({
      [`${prefix}/callers`]: { callers, issuers: [] },
      ...Object.fromEntries(
        Object.entries(secrets).map(([system, settings]) => [
          `${prefix}/tenants/${TENANT}/${system}`,
          settings,
        ]),
      ),
      [`${prefix}/tenants/${TENANT}/cec`]: { ...cec, tokenUrl: tap.url },
    }),
  )
  server = await startServer({ secretsFile })
})

afterAll(async () => {
  await server.stop()
  await tap.close()
  await upstreams.close()
  rmSync(folder, { recursive: true })
  expect(tap.answers()).toBeGreaterThan(0)
  expectClean("the server's output", server.output())
})

beforeEach(() => {
  for (const vendor of [upstreams.cec, upstreams.oiap, upstreams.live]) vendor.resetCalls()
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: each route has its own
  readonly body: any
}

const ask = async (path: string, init: RequestInit): Promise<Answer> => {
  const response = await fetch(server.url + path, init)
  const text = await response.text()
  expectClean('an answer', text, JSON.stringify([...response.headers]))
  return { status: response.status, headers: response.headers, body: JSON.parse(text) }
}

const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(path, { method: 'POST', headers: { ...KEY, ...headers }, body: JSON.stringify(body) })

describe('the running server, with a tenant whose secrets come from LOCAL_SECRETS_FILE', () => {
  it('gets a chat token from the CEC of the secret', async () => {
    const { status, body } = await post(`${CHAT}/applyToken`, TOM)
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        token: expect.stringMatching(/^.{20,}$/),
        resultCode: '0',
        resultDesc: '',
        expiresAt: expect.stringMatching(/Z$/),
      },
    })
    expect(upstreams.cec.calls('tokenByAkSk')).toBe(1)
    expect(upstreams.cec.calls('applyToken')).toBe(1)
  })

  const OIAP_TOKEN = {
    errorCode: 0,
    errorMsg: '',
    authToken: expect.stringMatching(/./),
    expireTime: expect.any(Number),
  }

  it('gets an AppCube token from the OIAP of the secret', async () => {
    const { status, body } = await post('/oifde/rest/appcube/api/getAppCubeToken', { appKey: OIAP_KEY })
    expect({ status, body }).toEqual({ status: 200, body: OIAP_TOKEN })
    expect(upstreams.oiap.calls()).toBe(1)
  })

  it('gets a token for third parties from the OIAP of its own secret', async () => {
    const { status, body } = await post('/oifde/rest/api/gettoken', { appKey: OIAP_KEY })
    expect({ status, body }).toEqual({ status: 200, body: OIAP_TOKEN })
    expect(upstreams.oiap.calls('gettoken')).toBe(1)
    expect(upstreams.oiap.calls()).toBe(1)
  })

  it('gets a live-message token from the Alibaba of the secret', async () => {
    const { status, body } = await post('/live/GetMessageToken', DEVICE)
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        RequestId: expect.stringMatching(/./),
        Result: {
          AccessToken: expect.stringMatching(/./),
          AccessTokenExpiredTime: expect.any(Number),
          RefreshToken: expect.stringMatching(/./),
        },
      },
    })
    expect(upstreams.live.calls()).toBe(1)
  })

  it.each([
    ['applyToken', `${CHAT}/applyToken`, TOM],
    ['getAppCubeToken', '/oifde/rest/appcube/api/getAppCubeToken', { appKey: OIAP_KEY }],
    ['gettoken', '/oifde/rest/api/gettoken', { appKey: OIAP_KEY }],
    ['GetMessageToken', '/live/GetMessageToken', DEVICE],
  ])('refuses %s without a caller key, before any call to the vendor', async (_, path, body) => {
    const { status } = await post(path, body, { authorization: '' })
    expect(status).toBe(401)
    expect(upstreams.cec.calls() + upstreams.oiap.calls() + upstreams.live.calls()).toBe(0)
  })

  it.each([
    ['applyToken', `${CHAT}/applyToken`, TOM, { errorCode: '990004042' }],
    ['send', `${CHAT}/send`, { controlType: 'CONNECT', from: TOM.userId }, { errorCode: '990004042' }],
    [
      'getAppCubeToken',
      '/oifde/rest/appcube/api/getAppCubeToken',
      { appKey: OIAP_KEY },
      { errorCode: 990004042 },
    ],
    ['gettoken', '/oifde/rest/api/gettoken', { appKey: OIAP_KEY }, { errorCode: 990004042 }],
    ['GetMessageToken', '/live/GetMessageToken', DEVICE, { Code: 'TokenBridge.NO_SYSTEM' }],
  ])(
    'answers 404 to %s for a tenant without that vendor, 400 for a tenant not named',
    async (_, path, body, said) => {
      const authorization = `Bearer ${TWO_TENANTS_KEY}`
      const headers = { authorization, 'ccmessaging-token': 'any' }
      const bare = await post(path, body, { ...headers, 'x-tenant-space-id': BARE_TENANT })
      expect(bare).toMatchObject({ status: 404, body: said })
      expect((await post(path, body, headers)).status).toBe(400)
    },
  )

  it.each([
    ['applyToken', 'cec', `${CHAT}/applyToken`, TOM],
    ['GetMessageToken', 'live', '/live/GetMessageToken', DEVICE],
  ] as const)('keeps the secrets when the vendor repeats them: %s', async (call, vendor, path, body) => {
    upstreams[vendor].fail({ fault: 'echo', call, times: 'always', status: 400 })
    const { status } = await post(path, body)
    upstreams[vendor].clearFaults()
    expect(status).toBeGreaterThanOrEqual(400)
    expect(upstreams[vendor].calls(call)).toBeGreaterThan(0)
    expect((await post(path, body)).status).toBe(200)
  })
})

describe('serverless invoke local, with that file', () => {
  it('fills a sample event with a chat token of that CEC, and sends it there', async () => {
    const args = ['invoke', 'local', '-f', 'chatRelay', '-p', 'events/chatRelay/send-connect.json']
    const { code, stdout, stderr } = await runNode([SERVERLESS, ...args], {
      env: { LOCAL_SECRETS_FILE: secretsFile },
    })
    expectClean('the output', stdout, stderr)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('"code":"CHAT_RELAYED"')
    // one AccessToken for the event's token and one of the function's own
    expect(['tokenByAkSk', 'applyToken', 'send'].map((call) => upstreams.cec.calls(call))).toEqual([2, 1, 1])
  })
})

describe('a chat through the relay', () => {
  /** What a page does: keeps its chat token, and takes the one that an answer's header brings instead. */
  const visitor = (userId: string, firstToken: string) => {
    let token = firstToken
    const seen = [token]
    const call = async (path: string, init: RequestInit): Promise<Answer> => {
      const answer = await ask(path, { ...init, headers: { ...KEY, 'ccmessaging-token': token } })
      const renewed = answer.headers.get('ccmessaging-token')
      if (renewed !== null) {
        token = renewed
        seen.push(renewed)
      }
      return answer
    }
    const send = async (controlType: string, content = ''): Promise<Answer> =>
      call(`${CHAT}/send`, {
        method: 'POST',
        body: JSON.stringify({
          controlType,
          content,
          channel: 'WEB',
          from: userId,
          to: TOM.channelId,
          mediaType: 'TEXT',
          sourceType: 'CUSTOMER',
          timestamp: String(Date.now()),
        }),
      })
    const poll = (): Promise<Answer> =>
      call(`${CHAT}/poll?${new URLSearchParams({ receiverId: userId, channel: 'WEB' })}`, { method: 'GET' })
    const file = (name: 'uploadFileStream' | 'downloadFileStream', body: object): Promise<Answer> =>
      call(`${CHAT}/${name}`, { method: 'POST', body: JSON.stringify({ channel: 'WEB', ...body }) })
    return { send, poll, file, seen }
  }

  /** Every test has a visitor of its own, since CEC keeps what nobody has polled. */
  const enter = async (userId: string) =>
    visitor(userId, (await post(`${CHAT}/applyToken`, { ...TOM, userId })).body.token)

  const orderRenewal = async (call: 'send' | 'poll'): Promise<void> => {
    const response = await fetch(`${upstreams.cec.url}/_control/faults`, {
      method: 'POST',
      body: JSON.stringify({ fault: 'renewed-chat-token', call }),
    })
    expect(response.status).toBe(200)
  }

  it('connects, says three things and hears three answers, with a renewed token from the second on', async () => {
    // Prepare
    const tom = await enter(TOM.userId)
    const say = async (content: string): Promise<unknown> => {
      expect(await tom.send('CHAT', content)).toMatchObject({ status: 200, body: { resultCode: '0' } })
      const { status, body } = await tom.poll()
      expect(status).toBe(200)
      return body.downlinkMessages.map((message: { content: string }) => message.content)
    }
    // Act and assess
    expect(await tom.send('CONNECT')).toMatchObject({ status: 200, body: { resultCode: '0' } })
    expect(await say('Good morning')).toEqual(['Good morning'])
    await orderRenewal('send')
    expect(await say('Grüß Gott, 早上好 "quoted"')).toEqual(['Grüß Gott, 早上好 "quoted"'])
    expect(await say('Good bye')).toEqual(['Good bye'])
    expect(await tom.send('DISCONNECT')).toMatchObject({ status: 200, body: { resultCode: '0' } })
    expect(await tom.send('CHAT', 'one more thing')).toMatchObject({ status: 200, body: { resultCode: '1' } })

    expect(tom.seen).toHaveLength(2)
    expect(upstreams.cec.calls('send')).toBe(6)
    expect(upstreams.cec.calls('poll')).toBe(3)
  })

  it('goes on with a token that a poll has renewed, and not with the old one', async () => {
    const tom = await enter('visitor_1')
    await tom.send('CONNECT')
    await tom.send('CHAT', 'Hello')
    await orderRenewal('poll')
    expect((await tom.poll()).body.downlinkMessages).toHaveLength(1)
    const [old = ''] = tom.seen
    expect(await visitor('visitor_1', old).send('CHAT', 'Still there?')).toMatchObject({
      status: 401,
      body: { errorCode: '990004011' },
    })
    expect(await tom.send('CHAT', 'Still there?')).toMatchObject({ status: 200, body: { resultCode: '0' } })
  })

  it('carries a file of 2 MiB there and back', async () => {
    const tom = await enter('visitor_4')
    const fileStream = randomBytes(2 * 1024 * 1024).toString('base64')
    const { status, body } = await tom.file('uploadFileStream', { fileType: 'jpg', fileStream })
    expect([status, body.returnCode]).toEqual([200, '0'])
    const fetched = await tom.file('downloadFileStream', {
      fileType: 'jpg',
      fileId: `local/${body.objectKey}`,
    })
    expect([fetched.status, fetched.body.fileStream === fileStream]).toEqual([200, true])
    const larger = Buffer.alloc(2 * 1024 * 1024 + 1).toString('base64')
    expect(await tom.file('uploadFileStream', { fileType: 'jpg', fileStream: larger })).toMatchObject({
      status: 413,
      body: { errorCode: '990004130' },
    })
  }, 30_000)

  it('cuts a poll after pollSeconds, with the answer that CEC gives when there is nothing new', async () => {
    const tom = await enter('visitor_2')
    await tom.send('CONNECT')
    const begun = performance.now()
    const { status, body } = await tom.poll()
    const seconds = (performance.now() - begun) / 1000
    expect({ status, body }).toEqual({
      status: 200,
      body: { resultCode: '0', resultDesc: '', downlinkMessages: [] },
    })
    expect(seconds).toBeGreaterThan(4.5)
    expect(seconds).toBeLessThan(9)
  })

  it('is refused without a chat token, before any call', async () => {
    const { status, body } = await post(`${CHAT}/send`, { controlType: 'CONNECT', from: TOM.userId })
    expect({ status, code: body.errorCode }).toEqual({ status: 401, code: '990004011' })
    expect(upstreams.cec.calls()).toBe(0)
  })
})
