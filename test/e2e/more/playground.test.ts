import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Server, startServer } from '../server.ts'

let stage: Server
beforeAll(async () => {
  stage = await startServer()
})
afterAll(() => stage.stop())

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly cookie: string
}

/** As the page asks. */
const ask = async (
  path: string,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const answer = await fetch(`${stage.url}/playground/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stage.url, ...headers },
    body: JSON.stringify(body),
  })
  return {
    status: answer.status,
    body: (await answer.json()) as Answer['body'],
    cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
  }
}

const signedIn = async () => {
  const { cookie } = await ask('back-end/sign-in', { userId: '10010001' })
  return {
    backEnd: (route: string) => ask(`back-end/${route}`, {}, { cookie }),
    enter: (thirdUserData: unknown) =>
      ask('cec/chat-entry', { thirdUserData, tenantSpaceId: '202007159031' }, { cookie }),
  }
}

/** What has come over the stream once this has. */
const eventsUntil = async (wanted: string): Promise<string> => {
  const ending = new AbortController()
  const { body } = await fetch(`${stage.url}/playground/calls`, {
    signal: AbortSignal.any([ending.signal, AbortSignal.timeout(20_000)]),
  })
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text.includes(wanted)) break
  }
  ending.abort()
  return text
}

describe('npm start: /playground', () => {
  it('tells CEC 0 about a new token, 5 about it once it is revoked, and 0 about the next one', async () => {
    const { backEnd, enter } = await signedIn()
    const first = await backEnd('enterprise-token')
    expect(first.status).toBe(201)
    const { thirdUserData } = first.body
    expect(await enter(thirdUserData)).toMatchObject({ status: 200, body: { admitted: true, retCode: 0 } })
    expect((await backEnd('revoke')).body).toEqual({ revoked: true, inForceWithinSeconds: 1 })
    await expect
      .poll(() => enter(thirdUserData), { timeout: 5000 })
      .toMatchObject({ status: 403, body: { admitted: false, retCode: 5 } })
    const next = await backEnd('enterprise-token')
    expect(await enter(next.body['thirdUserData'])).toMatchObject({ status: 200, body: { retCode: 0 } })
  })

  it('keeps the tokens that belong to the enterprise at the back end', async () => {
    const { backEnd } = await signedIn()
    for (const route of ['app-cube-token', 'third-party-token'])
      expect(await backEnd(route)).toMatchObject({
        status: 200,
        body: { errorCode: 0, errorMsg: '', expireTime: expect.any(Number) },
      })
    expect((await backEnd('app-cube-token')).body).not.toHaveProperty('authToken')
  })

  it('rotates the signing key, and says why it does not do so again at once', async () => {
    const { backEnd } = await signedIn()
    const rotated = await backEnd('rotate')
    expect(rotated).toMatchObject({ status: 200, body: { kid: expect.stringMatching(/^[\w-]{43}$/) } })
    expect(await backEnd('rotate')).toMatchObject({
      status: 409,
      body: { message: expect.stringMatching(/^Too early: .* Run this again after \S+Z\.$/) },
    })
  })

  it('streams its calls as they come, without a token and without the caller key', async () => {
    const { backEnd, enter } = await signedIn()
    const { body } = await backEnd('enterprise-token')
    await enter(body['thirdUserData'])
    await backEnd('app-cube-token')
    const text = await eventsUntil('"to":"OIAP"')
    for (const call of ['"url":"/enterprise-tokens"', '"url":"/playground/cec/chat-entry"', '"from":"CEC"'])
      expect(text).toContain(call)
    expect(text).not.toContain(String(body['token']))
    expect(text).not.toContain('ctb_local-development-only')
  })

  it('goes on, and lists the call, after a body of 3,000 levels from any page', async () => {
    const answer = await fetch(`${stage.url}/enterprise-tokens`, {
      method: 'POST',
      headers: { origin: 'https://attacker.example', 'content-type': 'text/plain;charset=UTF-8' },
      body: '['.repeat(3000) + ']'.repeat(3000),
    })
    expect(answer.status).toBe(401)
    expect(await eventsUntil('… (deeper)')).toContain('"from":"page","to":"stage"')
    expect((await fetch(`${stage.url}/.well-known/jwks.json`)).status).toBe(200)
  })

  it('refuses a page that corsOrigins lists, and ends while its own page follows its calls', async () => {
    const listed = 'http://localhost:8080'
    const other = await startServer({ params: { corsOrigins: listed } })
    const signIn = (origin: string) =>
      fetch(`${other.url}/playground/back-end/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: '{"userId":"10010001"}',
      })
    expect([(await signIn(listed)).status, (await signIn(other.url)).status]).toEqual([403, 200])
    const stream = await fetch(`${other.url}/playground/calls`)
    await other.stop() // throws if it has to be killed
    expect(await stream.text()).toContain('retry: 2000')
  })
})
