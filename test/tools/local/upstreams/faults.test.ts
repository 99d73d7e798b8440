import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { FAULT_NAMES, type Fault, type FaultName } from '../../../../tools/local/upstreams/faults.ts'
import { callsOf, type System } from './calls.ts'
import { applyToken, enter, newBearer, poll, send, tokenByAkSk } from './cec/calls.ts'
import { type Answer, ask, useUpstreams } from './support.ts'

const fixture = useUpstreams({ cec: { pollMs: 10 } })

const calls = callsOf(fixture)
const SYSTEMS = Object.keys(calls) as System[]
const tokenOf = ({ json }: Answer) => json.AccessToken ?? json.authToken ?? json.Result.AccessToken

/** The name goes to `shown`, so that no fault of the catalogue is forgotten. */
const shown = new Set<FaultName>()
const faulty = (system: System, fault: Fault): Promise<Answer> => {
  shown.add(fault.fault)
  fixture.upstreams[system].fail(fault)
  return calls[system]()
}
const onChat = async (fault: Fault) => {
  shown.add(fault.fault)
  const entry = await enter(fixture.secrets.cec)
  fixture.upstreams.cec.fail(fault)
  return entry
}

const AUTH_FAIL = { errorCode: '0', exceptionInfo: 'auth fail! illegal or expired token info...' }

describe.each(SYSTEMS)('every fault of %s', (system) => {
  it('slow: answers the truth late', async () => {
    const start = performance.now()

    expect(tokenOf(await faulty(system, { fault: 'slow', ms: 120 }))).toBeTruthy()
    expect(performance.now() - start).toBeGreaterThan(115)
  })

  it('silent: answers nothing, until the emulator closes', async () => {
    const hanging = expect(faulty(system, { fault: 'silent' })).rejects.toThrow('fetch failed')
    while (fixture.upstreams[system].calls() === 0) await new Promise((resolve) => setImmediate(resolve))

    await fixture.upstreams[system].close()

    await hanging
  })

  it('reset: resets the connection', async () => {
    await expect(faulty(system, { fault: 'reset' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
  })

  it('status-500: answers with an error of its own form', async () => {
    const { status, json } = await faulty(system, { fault: 'status-500' })

    expect(status).toBe(500)
    const form = { cec: { errorCode: '0' }, oiap: { errorCode: 10000001 }, live: { Code: 'InternalError' } }
    expect(json).toMatchObject(form[system])
  })

  it('not-http: says something else', async () => {
    await expect(faulty(system, { fault: 'not-http' })).rejects.toMatchObject({
      cause: { name: 'HTTPParserError' },
    })
  })

  it.each([
    ['html-403', 403],
    ['status-418', 418],
    ['status-404', 404],
    ['status-502', 502],
    ['status-503', 503],
  ] as const)('%s: answers with a page of whatever stands before the vendor', async (fault, expected) => {
    const { status, headers, text } = await faulty(system, { fault })

    expect([status, headers.get('content-type'), text.slice(0, 6)]).toEqual([expected, 'text/html', '<html>'])
  })

  const status = system === 'live' ? 400 : 429

  it('throttled: gives no hint', async () => {
    const answer = await faulty(system, { fault: 'throttled' })

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, null])
    if (system === 'live') expect(answer.json.Code).toBe('Throttling.User')
  })

  it('throttled-retry-after: gives seconds', async () => {
    const answer = await faulty(system, { fault: 'throttled-retry-after', seconds: 7 })

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '7'])
  })

  it('retry-after-date: gives a date, by the vendor’s clock', async () => {
    const answer = await faulty(system, { fault: 'retry-after-date', seconds: 90 })

    const date = new Date(fixture.now + 90_000).toUTCString()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, date])
    expect(answer.headers.get('date')).toBe(new Date(fixture.now).toUTCString())
  })

  it('invalid-json: breaks off', async () => {
    const answer = await faulty(system, { fault: 'invalid-json' })

    expect([answer.status, answer.json]).toEqual([200, undefined])
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  it('empty-token, quoted-token: change nothing else', async () => {
    expect(tokenOf(await faulty(system, { fault: 'empty-token' }))).toBe('')
    const quoted = await faulty(system, { fault: 'quoted-token' })
    expect(tokenOf(quoted)).toMatch(/^"[\w:-]{43,}"$/)
    expect(Object.keys(quoted.json).sort()).toEqual(Object.keys((await calls[system]()).json).sort())
  })

  it('other-case: names every member in another case, and changes nothing else', async () => {
    const { status, json } = await faulty(system, { fault: 'other-case' })

    expect(status).toBe(200)
    const form = {
      cec: { accesstoken: expect.any(String), expires: '600' },
      oiap: { errorcode: 0, authtoken: expect.any(String), expiretime: 3600 },
      live: { requestid: expect.any(String), result: { accesstoken: expect.stringMatching(/^oauth/) } },
    }
    expect(json).toMatchObject(form[system])
    expect(Object.keys(json).filter((name) => name !== name.toLowerCase())).toEqual([])
  })

  it('zero-lifetime: changes nothing else', async () => {
    const answer = await faulty(system, { fault: 'zero-lifetime' })

    const form = {
      cec: { Expires: '0' },
      oiap: { expireTime: 0 },
      live: { Result: { AccessTokenExpiredTime: 0 } },
    }
    expect(answer.json).toMatchObject(form[system])
    expect(tokenOf(answer)).toBeTruthy()
    expect(Object.keys(answer.json)).toEqual(Object.keys((await calls[system]()).json))
  })

  it('failure-inside: fails under status 200', async () => {
    const { status, json } = await faulty(system, { fault: 'failure-inside' })

    expect(status).toBe(200)
    const form = { cec: { resultCode: '1' }, oiap: { errorCode: 10000001 }, live: { Code: 'InternalError' } }
    expect(json).toMatchObject(form[system])
    expect(json).not.toHaveProperty('Result')
  })

  it.each(['gzip', 'br', 'deflate'] as const)('%s: compresses the truth', async (fault) => {
    const answer = await faulty(system, { fault })

    expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, fault])
    expect(tokenOf(answer)).toBeTruthy()
  })

  it('gzip-bomb: 8 MB before the truth, in 10 KB', async () => {
    const { headers, text, json } = await faulty(system, { fault: 'gzip-bomb' })

    expect([headers.get('content-encoding'), json]).toEqual(['gzip', expect.any(Object)])
    expect(text.length).toBeGreaterThan(8 * 1024 * 1024)
    expect(Number(headers.get('content-length'))).toBeLessThan(10_000)
  })

  it('bom: a byte order mark before the truth', async () => {
    const { bytes, json } = await faulty(system, { fault: 'bom' })

    expect([...bytes.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, '{'.charCodeAt(0)])
    expect(json).toBeDefined()
  })

  it('huge-body: 2 MB before the truth, length not announced', async () => {
    const { headers, text, json } = await faulty(system, { fault: 'huge-body' })

    expect(text.length).toBeGreaterThan(2 * 1024 * 1024)
    expect(headers.has('content-length')).toBe(false)
    expect(json).toBeDefined()
  })

  it('wrong-content-type: says text/html of the truth', async () => {
    const answer = await faulty(system, { fault: 'wrong-content-type' })

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html'])
    expect(tokenOf(answer)).toBeTruthy()
  })

  it('redirect: to a path that counts who follows', async () => {
    const { status, headers } = await faulty(system, { fault: 'redirect' })
    const location = headers.get('location') ?? ''

    expect([status, new URL(location).origin]).toEqual([302, fixture.upstreams[system].url])
    expect(fixture.upstreams[system].calls('redirected')).toBe(0)
    await ask(location)
    expect(fixture.upstreams[system].calls('redirected')).toBe(1)
  })

  it('echo: repeats every secret that it was sent', async () => {
    const { status, text, headers } = await faulty(system, { fault: 'echo' })
    const { cec, oiap, live } = fixture.secrets

    expect(status).toBe(400)
    expect(text).toContain({ cec: cec.appSecret, oiap: oiap.appSecret, live: live.accessKeyId }[system])
    expect(headers.get('x-echo')).toContain('content-type: application/')
    expect((await faulty(system, { fault: 'echo', status: 200 })).status).toBe(200)
  })

  it('reply: anything', async () => {
    const answer = await faulty(system, {
      fault: 'reply',
      status: 502,
      headers: { 'content-type': 'text/plain', 'x-one': '1' },
      body: 'Bad gateway',
    })

    expect([answer.status, answer.headers.get('x-one'), answer.text]).toEqual([502, '1', 'Bad gateway'])
  })
})

describe.each(SYSTEMS)('the firewall of %s', (system) => {
  it('turns away who does not say who calls', async () => {
    const { url } = fixture.upstreams[system]
    const visit = (headers: Record<string, string>) =>
      new Promise<unknown[]>((resolve, reject) => {
        // Node's own client, which says nothing by itself
        const sent = request(url, { method: 'POST', headers }, (response) => {
          response.resume()
          response.on('end', () => resolve([response.statusCode, response.headers['content-type']]))
        })
        sent.on('error', reject).end('{}')
      })

    expect(await visit({})).toEqual([418, 'text/html'])
    expect((await visit({ 'user-agent': 'anybody' }))[0]).toBe(404)
    expect(fixture.upstreams[system].calls()).toBe(2)
  })
})

describe('the faults of CEC', () => {
  it('business-failure: refuses the values of applyToken, as its document has it', async () => {
    const entry = await onChat({ fault: 'business-failure' })
    const call = () => applyToken(entry.secret, entry.bearer)
    const before = fixture.upstreams.cec.calls('applyToken')

    const { status, json } = await call()

    expect([status, json]).toEqual([500, { errorCode: '0', exceptionInfo: 'the channel is not configured' }])
    expect(fixture.upstreams.cec.calls('applyToken') - before).toBe(1)
    expect((await call()).status).toBe(200)
  })

  it('header-on-failure: fails, and brings a token that ends the older one', async () => {
    const entry = await onChat({ fault: 'header-on-failure', call: 'send' })

    const failed = await send(entry, { controlType: 'CONNECT' })

    expect([failed.status, failed.json]).toEqual([403, { errorCode: '0', exceptionInfo: 'failed' }])
    const renewed = { ...entry, token: failed.headers.get('ccmessaging-token') ?? '' }
    expect((await send(entry, { controlType: 'CONNECT' })).status).toBe(401)
    expect((await send(renewed, { controlType: 'CONNECT' })).status).toBe(200)

    fixture.upstreams.cec.fail({ fault: 'header-on-failure', status: 500, code: '7' })
    const polled = await poll(renewed)
    expect([polled.status, polled.json.errorCode]).toEqual([500, '7'])
    expect((await poll({ ...entry, token: polled.headers.get('ccmessaging-token') ?? '' })).status).toBe(200)
  })

  it('other-case: of applyToken, whose names are in lower case', async () => {
    const entry = await onChat({ fault: 'other-case', call: 'applyToken' })

    const { json } = await applyToken(entry.secret, entry.bearer)

    expect(json).toEqual({ Token: expect.any(String), resultcode: '0', resultdesc: '' })
  })

  it('bearer-expired: ends the AccessToken for this call and all later ones', async () => {
    const entry = await onChat({ fault: 'bearer-expired', call: 'applyToken' })
    const call = () => applyToken(entry.secret, entry.bearer)

    expect([(await call()).json, (await call()).json]).toEqual([AUTH_FAIL, AUTH_FAIL])
    expect((await applyToken(entry.secret, await newBearer(entry.secret))).status).toBe(200)
  })

  it('bearer-expired, bearer-refused: with another status', async () => {
    const entry = await onChat({ fault: 'bearer-refused', status: 401 })
    const { status, json } = await send(entry, { controlType: 'CONNECT' })
    expect([status, json]).toEqual([401, AUTH_FAIL])

    fixture.upstreams.cec.fail({ fault: 'bearer-expired', call: 'poll', status: 401 })
    expect((await poll(entry)).status).toBe(401)
    expect((await poll(entry)).status).toBe(403)
  })

  it('bearer-refused: leaves the AccessToken good', async () => {
    const entry = await onChat({ fault: 'bearer-refused' })
    const call = () => send(entry, { controlType: 'CONNECT' })

    const { status, json } = await call()

    expect([status, json]).toEqual([403, AUTH_FAIL])
    expect((await call()).status).toBe(200)
  })

  it('not-purchased: 401', async () => {
    const entry = await onChat({ fault: 'not-purchased' })

    const { status, json } = await applyToken(entry.secret, entry.bearer)

    expect([status, json.errorCode]).toEqual([401, '0'])
    expect(json.exceptionInfo).toContain('not purchased')
  })

  it('renewed-chat-token: brings a token that ends the older one', async () => {
    const entry = await onChat({ fault: 'renewed-chat-token', call: 'poll' })

    const renewed = (await poll(entry)).headers.get('ccmessaging-token') ?? ''

    expect((await poll(entry)).status).toBe(401)
    expect((await poll({ ...entry, token: renewed })).status).toBe(200)
  })

  it('quoted-token, empty-token, failure-inside: of applyToken', async () => {
    const entry = await onChat({ fault: 'quoted-token', call: 'applyToken' })
    const { token } = (await applyToken(entry.secret, entry.bearer)).json
    expect(token).toMatch(/^".+"$/)
    expect((await poll({ ...entry, token: token.slice(1, -1) })).status).toBe(200)

    fixture.upstreams.cec.fail({ fault: 'empty-token', call: 'applyToken' })
    expect((await applyToken(entry.secret, entry.bearer)).json.token).toBe('')

    fixture.upstreams.cec.fail({ fault: 'failure-inside', call: 'applyToken' })
    const { status, json } = await applyToken(entry.secret, entry.bearer)
    expect([status, json]).toEqual([200, { resultCode: '1', resultDesc: 'failed' }])
  })

  it('optional-absent: applyToken’s answer is a token alone', async () => {
    const entry = await onChat({ fault: 'optional-absent' })

    expect((await applyToken(entry.secret, entry.bearer)).json).toEqual({ token: expect.any(String) })
  })

  it('numbers-for-strings: of tokenByAkSk and applyToken', async () => {
    const bearer = await faulty('cec', { fault: 'numbers-for-strings', times: 2 })
    expect(bearer.json).toMatchObject({ Expires: 600, CreateTime: expect.any(Number) })

    const { json } = await applyToken(fixture.secrets.cec, bearer.json.AccessToken)
    expect(json.resultCode).toBe(0)
  })

  it('leave refusals as they are', async () => {
    fixture.upstreams.cec.fail({ fault: 'quoted-token' })
    fixture.upstreams.cec.fail({ fault: 'numbers-for-strings' })
    const unknown = { ...fixture.secrets.cec, appKey: 'unknown' }

    expect([(await tokenByAkSk(unknown)).status, (await tokenByAkSk(unknown)).text]).toEqual([403, ''])
  })
})

describe('the faults of OIAP', () => {
  it('optional-absent: an answer without its lifetime', async () => {
    const { json } = await faulty('oiap', { fault: 'optional-absent' })

    expect(json).toEqual({ errorCode: 0, authToken: expect.any(String) })
  })

  it('failure-inside: with any code', async () => {
    const { json } = await faulty('oiap', { fault: 'failure-inside', code: 900001 })

    expect(json).toEqual({ errorCode: 900001, errorMsg: 'failed' })
  })
})

describe('the faults of Live', () => {
  it('throttled: with another code and status', async () => {
    const { status, json } = await faulty('live', { fault: 'throttled', code: 'Throttling.Api', status: 429 })

    expect([status, json.Code]).toEqual([429, 'Throttling.Api'])
  })

  it('throttled-acs-retry-after: gives milliseconds', async () => {
    const { status, headers } = await faulty('live', { fault: 'throttled-acs-retry-after', ms: 412 })

    expect([status, headers.get('x-acs-retry-after')]).toEqual([400, '412'])
  })

  it('throttled-ratelimit: gives milliseconds among others', async () => {
    const { status, headers } = await faulty('live', { fault: 'throttled-ratelimit', ms: 412 })

    expect([status, headers.get('x-ratelimit-user-api')]).toEqual([
      400,
      `Limit:100,Remain:0,TimeLeft:412,Reset:${fixture.now + 412}`,
    ])
  })
})

describe('this file', () => {
  it('has shown every fault of the catalogue', () => {
    expect([...shown].sort()).toEqual([...FAULT_NAMES].sort())
  })
})
