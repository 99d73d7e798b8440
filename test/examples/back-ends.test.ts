import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { LOCAL_CALLER_KEY, LOCAL_CHANNEL, LOCAL_TENANT } from '../../tools/local/constants.ts'
import { freePort } from '../identity-providers/processes.ts'
import { type Fault, type Front, startFront } from './front.ts'
import { run, type Service, serve } from './process.ts'
import { BACK_ENDS, missing } from './programs.ts'
import { TOKENS_A_MINUTE } from './stage.ts'

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

const stage = inject('stage')

/** Whatever was asked, what the tests look into. */
interface Answer {
  readonly thirdUserData?: { readonly thirdUserToken: string }
  readonly accessToken?: string
}

/** A call of the page, or of CEC: status, the headers that matter, and the body. */
const post = async (url: string, body: object = {}, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    cacheControl: answer.headers.get('cache-control'),
    body: (await answer.json().catch(() => undefined)) as Answer,
  }
}

describe.each(Object.entries(BACK_ENDS))('examples: the back end in %s', (language, program) => {
  const lack = missing(language, program.needs)
  const user = { userId: `visitor-${language}`, userName: 'Tom', tenantSpaceId: LOCAL_TENANT }
  const refused = { status: 500, retryAfter: null, cacheControl: 'no-store', body: { message: 'refused' } }
  const later = {
    ...{ status: 503, retryAfter: '5', cacheControl: 'no-store' },
    body: { message: 'no tokens now' },
  }
  let front: Front
  let site: Service

  beforeAll(async () => {
    if (lack !== undefined) return
    if (program.build !== undefined) await run(program.build)
    front = await startFront(stage)
    const env = { API: front.url, CALLER_KEY: LOCAL_CALLER_KEY, USER_ID: user.userId }
    site = await serve(program.run, await freePort(), env)
  })
  afterAll(async () => {
    await site?.stop()
    await front?.close()
  })
  beforeEach(({ skip }) => {
    skip(lack !== undefined, lack)
    front.calls.length = 0
  })

  it('gets no token for a user whom the directory does not know, and one as soon as the user is entered', async () => {
    expect(await post(`${site.url}/enterprise-token`), site.output()).toEqual(refused)
    expect(site.output()).toMatch(/\/enterprise-tokens?: 404 USER_UNKNOWN [\w-]+/)

    // A page is not told why: the back end's log line is.
    expect(await post(`${site.url}/sign-in`), site.output()).toEqual({
      ...{ status: 200, retryAfter: null, cacheControl: 'no-store' },
      body: { userId: user.userId, userName: 'Tom' },
    })
    const { body, ...answer } = await post(`${site.url}/enterprise-token`)

    expect(answer).toEqual({ status: 200, retryAfter: null, cacheControl: 'no-store' })
    const thirdUserToken = expect.stringMatching(JWT)
    expect(body).toEqual({
      thirdUserData: { thirdUserToken, thirdUserName: 'Tom', thirdUserId: user.userId },
      expiresIn: 300,
    })
    const question = { ...user, Token: body.thirdUserData?.thirdUserToken }
    const asked = await post(`${stage}/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate`, question)
    expect(asked.body).toEqual({ retCode: 0, message: 'validate success' })
  })

  it('gets an access token with which the page chats', async () => {
    const { status, body } = await post(`${site.url}/access-token`)

    expect({ status, body }).toEqual({
      status: 200,
      body: { accessToken: expect.stringMatching(JWT), expiresIn: 300 },
    })
    const { userId, userName } = user
    const asked = { userId, userName, channelId: LOCAL_CHANNEL, locale: 'en' }
    const authorization = `Bearer ${body.accessToken}`
    const chat = await post(`${stage}/apiaccess/ccmessaging/applyToken`, asked, { authorization })
    expect(chat).toMatchObject({ status: 200, body: { resultCode: '0' } })
  })

  it('makes exactly these calls, with the key in the header alone', async () => {
    for (const path of ['/sign-in', '/enterprise-token', '/access-token']) await post(site.url + path)

    const authorization = `Bearer ${LOCAL_CALLER_KEY}`
    expect(front.calls).toEqual([
      { line: 'PUT /users', authorization, body: { ...user, status: 'active' } },
      { line: 'POST /enterprise-tokens', authorization, body: user },
      {
        line: 'POST /access-tokens',
        authorization,
        body: { ...user, scopes: ['chat-token:issue', 'chat:relay'] },
      },
    ])
  })

  it('asks nothing for a path that is none of the three', async () => {
    expect((await post(`${site.url}/users`)).status).toBe(404)
    expect(front.calls).toEqual([])
  })

  const json = { 'content-type': 'application/json' }
  const html = { 'content-type': 'text/html' }
  it.each<[string, Fault, object, RegExp]>([
    ['a key that has ended', { authorization: 'Bearer ctb_ended' }, refused, /: 401 UNAUTHENTICATED /],
    [
      'a failure of the API',
      { status: 503, headers: { ...json, 'x-request-id': 'quote-me' }, body: '{"code":"UNAVAILABLE"}' },
      later,
      /: 503 UNAVAILABLE quote-me/,
    ],
    ["a gateway's own page", { status: 502, headers: html, body: '<html>' }, later, /: 502 /],
    ['a connection that is cut', 'cut', later, /\/enterprise-tokens?: /],
    [
      'a redirect, which is not followed',
      { status: 307, headers: { location: 'http://127.0.0.1:9/' }, body: '{}' },
      refused,
      /: 307 /,
    ],
    [
      'a 429 without Retry-After',
      { status: 429, body: '{"message":"Too Many Requests"}' },
      { ...later, status: 429, retryAfter: '1', body: { message: 'too many calls' } },
      /: 429 /,
    ],
  ])(
    'tells the page what to do after %s, and succeeds with the next call',
    async (_, fault, expected, line) => {
      const before = site.output().length
      front.fault = fault

      expect(await post(`${site.url}/enterprise-token`)).toEqual(expected)

      expect(site.output().slice(before)).toMatch(line)
      expect(front.calls).toHaveLength(1)
      expect((await post(`${site.url}/enterprise-token`)).status).toBe(200)
    },
  )

  it('hands on how long the page waits when its user has had too many tokens', async () => {
    const answers = []
    // Twice as many as a minute holds: the minute may turn meanwhile.
    for (let nth = 0; nth <= 2 * TOKENS_A_MINUTE && answers.at(-1)?.status !== 429; nth += 1)
      answers.push(await post(`${site.url}/enterprise-token`))

    expect(answers.at(-1)).toEqual({
      ...{ status: 429, retryAfter: expect.stringMatching(/^[1-9]\d?$/), cacheControl: 'no-store' },
      body: { message: 'too many calls' },
    })
    expect(site.output()).toMatch(/\/enterprise-tokens?: 429 RATE_EXCEEDED /)
    expect((await post(`${site.url}/sign-in`)).status).toBe(200)
  })

  it('has printed neither the key nor a token', () => {
    expect(site.output()).not.toContain(LOCAL_CALLER_KEY)
    expect(site.output()).not.toContain('eyJ')
    expect(site.output()).toContain('USER_UNKNOWN')
  })
})
