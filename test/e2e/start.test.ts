import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVERLESS } from '../../tools/local/offline-process.ts'
import { run, runNode } from './process.ts'
import { type Server, startServer } from './server.ts'

const VALIDATE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'
const KEY = { authorization: 'Bearer ctb_local-development-only' }
const TOM = { userId: '10010001', userName: 'Tom', tenantSpaceId: '202007159031' }

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('npm start', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('issues a token with 201 and answers CEC with retCode 0 for it', async () => {
    const issued = await post(`${server.url}/enterprise-tokens`, TOM, KEY)
    expect(issued.status).toBe(201)
    const { token, expiresIn, thirdUserData } = (await issued.json()) as Record<string, unknown>
    expect({ expiresIn, thirdUserData }).toEqual({
      expiresIn: 300,
      thirdUserData: { thirdUserToken: token, thirdUserName: 'Tom', thirdUserId: '10010001' },
    })

    const validated = await post(server.url + VALIDATE, { Token: token, ...TOM })
    expect(validated.status).toBe(200)
    expect(await validated.json()).toEqual({ retCode: 0, message: expect.stringMatching(/./) })
  })

  it('refuses to issue without a caller key', async () => {
    expect((await post(`${server.url}/enterprise-tokens`, TOM)).status).toBe(401)
  })

  it.each([
    ['GET', '/nothing'],
    ['GET', '/enterprise-tokens'],
    ['POST', '/.well-known/jwks.json'],
  ])('answers %s %s as API Gateway does', async (method, path) => {
    const response = await fetch(server.url + path, { method })
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}'])
  })

  it('publishes the public halves of two keys', async () => {
    const { keys } = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as { keys: object[] }
    expect(keys).toHaveLength(2)
    for (const key of keys) expect(key).not.toHaveProperty('d')
  })

  it('prints one ready line and curl lines that work when pasted', async () => {
    const lines = server.output().split('\n')
    expect(lines.filter((line) => line.startsWith('Ready:'))).toHaveLength(1)
    const script = lines.filter((line) => /\bcurl\b/.test(line))
    expect(script).toHaveLength(13)

    const { code, stdout, stderr } = await run('bash', ['-c', script.join('\n')])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    // The head of the first answer, and its body; every other one is a line of its own.
    const [head, issued, ...others] = stdout.split(/\n(?=\{)/)
    const [validated, keys, access, chat, begun, sent, polled, appCube, thirdParty, live, messaging, rtc] =
      others
    expect(head).toMatch(/^HTTP\/1.1 201 /)
    expect(issued).toContain('"token":"')
    expect(validated).toMatch(/^\{"retCode":0,/)
    expect(keys).toContain('"kty":"EC"')
    expect(access).toMatch(/^\{"accessToken":"/)
    expect(chat).toMatch(/^\{"token":"[^"]+","resultCode":"0"/)
    for (const message of [begun, sent]) expect(message).toMatch(/^\{"resultCode":"0"/)
    expect(polled).toMatch(/^\{"resultCode":"0".*"downlinkMessages":\[.*"content":"Good morning"/)
    for (const ofOiap of [appCube, thirdParty])
      expect(ofOiap).toMatch(/^\{"errorCode":0,"errorMsg":"","authToken":"[^"]+","expireTime":\d+\}/)
    expect(thirdParty).not.toBe(appCube)
    expect(live).toMatch(/^\{"RequestId":"[^"]+","Result":\{"AccessToken":"/)
    expect(messaging).toMatch(/^\{"app_id":"[^"]+","app_sign":"[^"]+","app_token":"[0-9a-f]{64}"/)
    expect(rtc).toMatch(/^\{"AppID":"[^"]+","ChannelID":"room-1","UserID":"10010001"/)
  })

  it('prints nothing before the ready line but what is asked for', () => {
    expect(server.output()).toMatch(/^Ready: /)
  })

  it('listens on loopback alone', async () => {
    const { port } = new URL(server.url)
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${port}/.well-known/jwks.json`)).rejects.toThrow()
    }
  })

  it('says how to choose another port when the port is taken', async () => {
    const { port } = new URL(server.url)
    const second = await runNode([SERVERLESS, 'offline', 'start'], { env: { PORT: port } })
    expect(second).toMatchObject({ code: 1, leftNothing: true })
    expect(second.stdout).toContain(`is in use by another program. Choose another: PORT=`)
  })
})

describe('tools/local/plugin', () => {
  it.each([
    ['deploy with stage local', ['deploy'], '--stage <name>'],
    ['another stage than local', ['offline', 'start', '--stage', 'prod'], 'leave --stage prod out'],
  ])('refuses %s', async (_, args, sentence) => {
    const result = await runNode([SERVERLESS, ...args])
    expect(result).toMatchObject({ code: 1, leftNothing: true })
    expect(result.stdout).toContain(sentence)
  })

  it('refuses a parameter that no function could start with', async () => {
    const args = ['offline', 'start', '--param=accessTokenLifetimeSeconds=5']
    const result = await runNode([SERVERLESS, ...args], { env: { PORT: '0' } })
    expect(result).toMatchObject({ code: 1, leftNothing: true })
    expect(result.stdout).toContain(
      'accessTokenLifetimeSeconds (--param) says "5": expected at least 30. Example: 300.',
    )
    expect(result.stdout).not.toMatch(/Ready|^\s+at /m)
  })

  it('refuses a PORT that is none', async () => {
    const result = await runNode([SERVERLESS, 'offline', 'start'], { env: { PORT: 'http' } })
    expect(result).toMatchObject({ code: 1, leftNothing: true })
    expect(result.stdout).toContain('PORT is "http", not a port number')
  })
})
