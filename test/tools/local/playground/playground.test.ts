import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { answerAsGateway } from '../../../../tools/local/gateway-answers.ts'
import { createCallLog } from '../../../../tools/local/playground/call-log.ts'
import { servePlayground } from '../../../../tools/local/playground/playground.ts'
import { watchServer } from '../../../../tools/local/playground/watch.ts'

const offline = createRequire(import.meta.url).resolve('serverless-offline')
const { Server } = createRequire(offline)('@hapi/hapi')

const VALIDATE = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'

/** As the stage has it. It does not listen, and its port is 0. */
const stage = () => {
  const log = createCallLog()
  const server = new Server({ router: { stripTrailingSlash: true } })
  const place = { callerKey: 'ctb_local-development-only', appKeyOf: () => 'key', rotate: async () => ({}) }
  const close = servePlayground(server, { log, place, validatePath: VALIDATE })
  server.route({
    method: 'POST',
    path: VALIDATE,
    handler: (_: object, toolkit: Toolkit) => toolkit.response('{"retCode":5}').header('x-request-id', 'r1'),
  })
  server.route({ method: '*', path: '/{p*}', handler: () => ({}) })
  answerAsGateway(server)
  watchServer(server, log, [VALIDATE])
  const ask = async (method: string, url: string, headers: object, payload?: object) => {
    const answer = await server.inject({ method, url, headers, payload })
    const { statusCode, payload: text, headers: answered } = answer
    return { status: statusCode as number, text: text as string, headers: answered as Record<string, string> }
  }
  return { log, close, ask }
}
interface Toolkit {
  response(body: string): { header(name: string, value: string): object }
}

const HOST = { host: '127.0.0.1:0' }
const OWN = { ...HOST, origin: 'http://127.0.0.1:0', 'sec-fetch-site': 'same-origin' }
const SIGN_IN = ['POST', '/playground/back-end/sign-in'] as const
const TOM = { userId: '10010001' }

describe('tools/local/playground: the page', () => {
  it('is served with everything that it loads, and names no other host', async () => {
    const { ask } = stage()
    const { status, text, headers } = await ask('GET', '/playground', HOST)
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).not.toMatch(/https?:\/\//)
    const loaded = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(loaded).toEqual(['/playground/style.css', '/playground/playground.js'])
    const seen = new Set(loaded)
    for (const path of seen) {
      const file = await ask('GET', path, HOST)
      expect([path, file.status]).toEqual([path, 200])
      expect(file.text).not.toMatch(/https?:\/\//)
      for (const [, name = ''] of file.text.matchAll(/from '\.\/([\w-]+\.js)'/g))
        seen.add(`/playground/${name}`)
    }
    expect([...seen]).toContain('/playground/client.js')
  })

  it('may load nothing from elsewhere, run nothing inline, and stand in no frame', async () => {
    const { ask } = stage()
    for (const [method, path] of [
      ['GET', '/playground'],
      ['GET', '/playground/texts.js'],
      SIGN_IN,
    ] as const) {
      const { headers } = await ask(method, path, HOST)
      const policy = headers['content-security-policy'] ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'; style-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it.each(['/playground/', '/playground/other', '/playground/back-end.ts', '/playground/back-end/sign-in'])(
    'answers GET %s as API Gateway does',
    async (path) => {
      const { status, text } = await stage().ask('GET', path, HOST)
      expect([status, text]).toEqual([404, '{"message":"Not Found"}'])
    },
  )
})

describe('tools/local/playground: who may use it', () => {
  const attempts = [
    ['the page itself', 200, OWN],
    ['the page at localhost', 200, { ...OWN, host: 'localhost:0', origin: 'http://localhost:0' }],
    [
      'a page of another origin',
      403,
      { ...OWN, origin: 'http://attacker.example', 'sec-fetch-site': 'cross-site' },
    ],
    [
      'a page of another port',
      403,
      { ...OWN, origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-site' },
    ],
    [
      'a name that leads to 127.0.0.1',
      403,
      { ...OWN, host: 'attacker.example:0', origin: 'http://attacker.example:0' },
    ],
    ['a sandboxed frame', 403, { ...OWN, origin: 'null' }],
    ['nobody who says so', 403, HOST],
  ] as const

  it.each(attempts)('signs in: %s gets %i', async (_, status, headers) => {
    const answer = await stage().ask(...SIGN_IN, headers, TOM)
    expect(answer.status).toBe(status)
    expect(answer.headers['set-cookie'] !== undefined).toBe(status === 200)
  })

  it.each(attempts)('asks CEC about a visitor without a token: %s', async (_, signedIn, headers) => {
    const { status } = await stage().ask('POST', '/playground/cec/chat-entry', headers, {})
    expect(status).toBe(signedIn === 200 ? 400 : 403)
  })

  it('shows its calls to its own page alone, and the page to its own host alone', async () => {
    const { ask, close } = stage()
    const refused = [
      await ask('GET', '/playground/calls', { ...HOST, 'sec-fetch-site': 'cross-site' }),
      await ask('GET', '/playground/calls', { host: 'attacker.example:0' }),
      await ask('GET', '/playground', { host: 'attacker.example:0' }),
      await ask('GET', '/playground/client.js', { host: 'attacker.example:0' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    const pending = ask('GET', '/playground/calls', { ...HOST, 'sec-fetch-site': 'same-origin' })
    await turn()
    close()
    expect((await pending).status).toBe(200)
  })

  it('takes no form, which a page of another origin could send', async () => {
    const { ask } = stage()
    const form = { ...OWN, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await ask(...SIGN_IN, form, TOM)).status).toBe(415)
    expect((await ask(...SIGN_IN, OWN, TOM)).status).toBe(200)
  })
})

describe('tools/local/playground: the back end', () => {
  it('sets a cookie that no script and no other site gets, and knows its user by it', async () => {
    const { ask } = stage()
    const { headers, text } = await ask(...SIGN_IN, OWN, TOM)
    const cookie = headers['set-cookie'] ?? ''
    expect(cookie).toMatch(/^playground=[\w-]{36}; Path=\/playground; HttpOnly; SameSite=Strict$/)
    expect(JSON.parse(text)).toEqual({ ...TOM, userName: 'Tom', tenantSpaceId: '202007159031' })
    const rotate = (sent: string) => ask('POST', '/playground/back-end/rotate', { ...OWN, cookie: sent }, {})
    expect((await rotate(`other=1; ${cookie.split(';')[0]}`)).status).toBe(200)
    expect((await rotate('playground=00000000-0000-0000-0000-000000000000')).status).toBe(401)
    expect((await rotate('a malformed " cookie')).status).toBe(401)
  })

  it.each(['enterprise-token', 'access-token', 'app-cube-token', 'third-party-token', 'revoke', 'rotate'])(
    'does nothing for %s before somebody is signed in',
    async (route) => {
      const { status, text } = await stage().ask('POST', `/playground/back-end/${route}`, OWN, {})
      expect([status, text]).toEqual([401, '{"message":"nobody is signed in"}'])
    },
  )

  it.each(['10010002', '', undefined])('signs in no user %j', async (userId) => {
    expect((await stage().ask(...SIGN_IN, OWN, { userId })).status).toBe(401)
  })

  it.each(['constructor', 'toString', 'other'])('has no route %s', async (route) => {
    const { ask } = stage()
    const cookie = String((await ask(...SIGN_IN, OWN, TOM)).headers['set-cookie']).split(';')[0]
    expect((await ask('POST', `/playground/back-end/${route}`, { ...OWN, cookie }, {})).status).toBe(404)
  })
})

describe('tools/local/playground: the calls', () => {
  it('are those of routes and of the back end, without pages, files and unknown paths', async () => {
    const { ask, log } = stage()
    const seen: string[] = []
    log.follow(({ from, to, method, url, status }) => seen.push(`${from} → ${to} ${method} ${url} ${status}`))
    await ask('GET', '/playground', HOST)
    await ask('GET', '/playground/style.css', HOST)
    await ask('GET', '/nothing', HOST)
    await ask(...SIGN_IN, OWN, TOM)
    await ask('POST', `${VALIDATE}?a=1`, HOST, { Token: 'x' })
    expect(seen).toEqual([
      'page → back end POST /playground/back-end/sign-in 200',
      `CEC → stage POST ${VALIDATE}?a=… (1 characters) 200`,
    ])
  })

  it('come as server-sent events, the earlier ones first', async () => {
    const { ask, close } = stage()
    await ask(...SIGN_IN, OWN, TOM)
    const pending = ask('GET', '/playground/calls', HOST)
    await turn()
    await ask(...SIGN_IN, OWN, { userId: '张三' })
    close()
    const { headers, text } = await pending
    expect([headers['content-type'], headers['cache-control']]).toEqual([
      'text/event-stream; charset=utf-8',
      'no-store',
    ])
    const [begin, ...events] = text.split('\n\n').filter((event) => event !== '')
    expect(begin).toBe('retry: 2000')
    expect(events.map((event) => JSON.parse(event.replace(/^data: /, '')).answer.body.userName)).toEqual([
      'Tom',
      '张三',
    ])
  })
})
