import { describe, expect, it } from 'vitest'
import { asked, clock, fresh, parts, useAppCubeWorld, world } from '../support/app-cube-world.ts'
import { leaksIn, secret } from '../support/canary.ts'
import { GOOD_BODIES } from '../support/vendor-world.ts'
import { call, type RequestParts, TENANT } from '../support/world.ts'

useAppCubeWorld()

describe('POST /oifde/rest/appcube/api/getAppCubeToken', () => {
  it('answers in OIAP’s own members, with the seconds that are left', async () => {
    const sandbox = await fresh()
    const first = await call(world, sandbox, parts())
    expect([first.status, first.body]).toEqual([
      200,
      { errorCode: 0, errorMsg: '', authToken: expect.stringMatching(/^[\w-]{43}$/), expireTime: 3600 },
    ])
    clock.at += 1_000_500
    const later = await call(world, sandbox, parts())
    expect(later.body).toEqual({ ...first.body, expireTime: 2599 })
    expect(asked()).toBe(1)
  })

  it('refuses a body that carries appSecret, and says why', async () => {
    const body = { ...GOOD_BODIES.appCubeToken, appSecret: 'anything' }
    const { status, body: answer } = await call(world, await fresh(), parts(body))
    expect([status, answer]).toEqual([
      400,
      {
        errorCode: 990004000,
        errorMsg:
          "appSecret: the secret stays in the tenant's settings, where no caller needs to hold it: leave this member out",
      },
    ])
    expect(asked()).toBe(0)
  })

  it.each([
    ['a code as number', 200, undefined],
    ['a code as text', '200', undefined],
    ['a code in blanks', ' 0 ', undefined],
    ['a code of two zeros', '00', undefined],
    ['a code with an exponent', 2e2, undefined],
    ['no code', undefined, undefined],
    ['a lifetime of 0', 0, 0],
    ['a negative lifetime', 0, -5],
    ['a lifetime below a second', 0, 0.9],
    ['a lifetime that is no number', 0, 'an hour'],
    ['a lifetime as text', 0, '3600'],
    ['a lifetime beyond every number', 0, '1e400'],
  ])('takes a token beside %s, once for five requests', async (_, errorCode, expireTime) => {
    const linesBefore = world.lines.length
    const body = JSON.stringify({ errorCode, authToken: 'a-good-token', expireTime })
    world.vendors.oiap.fail({ fault: 'reply', body, times: 'always' })
    const sandbox = await fresh()
    for (let i = 0; i < 5; i++) {
      const answer = await call(world, sandbox, parts())
      expect([answer.status, answer.body]).toEqual([
        200,
        { errorCode: 0, errorMsg: '', authToken: 'a-good-token', expireTime: 3600 },
      ])
    }
    expect(asked()).toBe(1)
    const isDeviation = Number(errorCode ?? 200) !== 0
    const deviations = world.lines.slice(linesBefore).filter(({ code }) => code === 'VENDOR_REPLY_DEVIATES')
    expect(deviations).toHaveLength(isDeviation ? 1 : 0)
  })

  it.each([
    ['a listed code in blanks', '" 200800002 "', 'UPSTREAM_CREDENTIAL'],
    ['a listed code with a zero before it', '"0200800002"', 'UPSTREAM_CREDENTIAL'],
    ['a word for a code', '"AUTH_FAILED"', 'UPSTREAM_REFUSED'],
    ['a code that is not listed', '"E200800002"', 'UPSTREAM_REFUSED'],
  ])('shows a secret once for five requests to %s', async (_, errorCode, code) => {
    world.vendors.oiap.fail({ fault: 'reply', body: `{"errorCode":${errorCode}}`, times: 'always' })
    const sandbox = await fresh()
    for (let i = 0; i < 5; i++) expect((await call(world, sandbox, parts())).line.code).toBe(code)
    expect(asked()).toBe(1)
  })

  it.each([400, 402, 407, 423])(
    'shows a secret once for five requests to status %i without a code',
    async (status) => {
      world.vendors.oiap.fail({ fault: 'reply', status, body: '{}', times: 'always' })
      const sandbox = await fresh()
      for (let i = 0; i < 5; i++)
        expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_REFUSED')
      expect(asked()).toBe(1)
    },
  )

  it('tells a life of a second as one, and never as none', async () => {
    const body = '{"errorCode":0,"authToken":"a-good-token","expireTime":1}'
    world.vendors.oiap.fail({ fault: 'reply', body, times: 'always' })
    const sandbox = await fresh()
    for (let i = 0; i < 5; i++) {
      expect((await call(world, sandbox, parts())).body.expireTime).toBe(1)
      clock.at += 100
    }
    expect(asked()).toBe(1)
  })

  it('tells when to come back where OIAP says so with 503', async () => {
    world.vendors.oiap.fail({ fault: 'reply', status: 503, headers: { 'retry-after': '3600' } })
    const { status, headers } = await call(world, await fresh(), parts())
    expect([status, headers['retry-after']]).toEqual([503, '3600'])
  })

  it.each([
    ['another code', { errorCode: 201, authToken: 'a-token' }],
    ['no token', { errorCode: 200 }],
    ['an empty token', { errorCode: 0, authToken: '' }],
  ])('takes no reply with %s', async (_, reply) => {
    world.vendors.oiap.fail({ fault: 'reply', body: JSON.stringify(reply) })
    expect((await call(world, await fresh(), parts())).status).toBeGreaterThanOrEqual(500)
    world.vendors.oiap.fail({ fault: 'reply', body: JSON.stringify({ errorCode: 0, authToken: 'a-token' }) })
    await world.clearTokens()
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })

  it('refuses the appKey of another tenant', async () => {
    const { status, body, line } = await call(world, await fresh(), parts({ appKey: 'oiap-202007159032' }))
    expect([status, body.errorCode, line.code]).toEqual([403, 990004030, 'TENANT_FORBIDDEN'])
    expect(asked()).toBe(0)
  })

  it('shows a wrong secret once: 200 calls at a time, five edits of other fields, then the right one works', async () => {
    const sandbox = await fresh()
    const wrong = { appSecret: secret('wrong secret', 'this-is-not-the-password') }
    world.putSettings('oiap', wrong)
    const answers = await Promise.all(Array.from({ length: 200 }, () => call(world, sandbox, parts())))
    expect(answers.map(({ status }) => status)).toEqual(Array(200).fill(502))
    expect(answers[0]?.body).toEqual({
      errorCode: 990005023,
      errorMsg: 'OIAP refuses the credentials of this tenant: check key and secret in its settings',
    })
    for (let edit = 0; edit < 5; edit++) {
      // An edit of another field makes another version of the secret, and is seen after the forced re-read's 30 s.
      clock.at += 30_000
      world.putSettings('oiap', { ...wrong, ca: `-----BEGIN CERTIFICATE-----\n${edit}` })
      expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
    }
    expect([asked(), world.vendors.oiap.wrongSecrets()]).toEqual([1, 1])
    clock.at += 30_000
    world.putSettings('oiap')
    expect((await call(world, sandbox, parts())).status).toBe(200)
    expect(asked()).toBe(2)
  })

  it('shows each of two wrong secrets once, however often they take turns', async () => {
    const sandbox = await fresh()
    for (const wrong of [
      'first-wrong-password',
      'second-wrong-password',
      'first-wrong-password',
      'second-wrong-password',
    ]) {
      world.putSettings('oiap', { appSecret: secret(wrong, wrong) })
      clock.at += 301_000
      expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
    }
    expect(world.vendors.oiap.wrongSecrets()).toBe(2)
  })

  it.each([
    ['null as errorCode', { errorCode: null, authToken: 'a-token' }, 502],
    ['an empty errorCode', { errorCode: '', authToken: 'a-token' }, 502],
    ['errorCode as text', { errorCode: '0', authToken: 'a-token' }, 200],
  ])('judges %s by its value', async (_, body, status) => {
    world.vendors.oiap.fail({ fault: 'reply', body: JSON.stringify(body) })
    expect((await call(world, await fresh(), parts())).status).toBe(status)
  })

  it('hands out no token that holds the secret', async () => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).oiap
    const answer = (authToken: string) => JSON.stringify({ errorCode: 0, authToken })
    world.vendors.oiap.fail({ fault: 'reply', body: answer(`x${appSecret}`) })
    expect((await call(world, await fresh(), parts())).line).toMatchObject({
      code: 'UPSTREAM_UNEXPECTED',
      reason: 'repeats a secret',
    })
    world.vendors.oiap.fail({ fault: 'reply', body: answer('another-token') })
    expect((await call(world, await fresh(), parts())).body.authToken).toBe('another-token')
  })

  it('says what the vendor said when the secret cannot be read again', async () => {
    const sandbox = await fresh()
    world.putSettings('oiap', { appSecret: secret('unread secret', 'wrong-and-not-read-again') })
    world.vendors.oiap.fail({
      fault: 'slow',
      ms: 0,
      when: () => {
        world.secretsManager.fail({ kind: 'error', status: 400, type: 'AccessDeniedException', times: 5 })
        return true
      },
    })
    expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
    world.secretsManager.clearFaults()
  })

  it('does not wait a locked account out', async () => {
    const sandbox = await fresh()
    world.vendors.oiap.fail({ fault: 'failure-inside', code: 200800003, times: 'always' })
    await call(world, sandbox, parts())
    clock.at += 24 * 3_600_000
    expect((await call(world, sandbox, parts())).line).toMatchObject({
      code: 'UPSTREAM_CREDENTIAL',
      upstreamCode: '200800003',
    })
    expect(asked()).toBe(1)
  })

  it('goes on serving a token that it has when the secret turns wrong', async () => {
    const sandbox = await fresh()
    expect((await call(world, sandbox, parts())).status).toBe(200)
    world.vendors.oiap.fail({ fault: 'failure-inside', code: 200800002, times: 'always' })
    clock.at += 1_000
    expect((await call(world, sandbox, parts())).status).toBe(200)
    expect(asked()).toBe(1)
  })

  it('logs a code of OIAP’s documents, and of any other only that it is none', async () => {
    for (const [code, logged] of [
      [10000002, '10000002'],
      ['AKIA-something-odd', 'unlisted'],
    ] as const) {
      world.vendors.oiap.fail({ fault: 'failure-inside', code })
      expect((await call(world, await fresh(), parts())).line.upstreamCode).toBe(logged)
    }
  })

  it(`is about the tenant that the caller belongs to`, async () => {
    expect((await call(world, await fresh(), parts())).line.tenantSpaceId).toBe(TENANT)
  })
})

describe('a caller key as appSecret', () => {
  const bodyKey = (appSecret: string) => ({ ...GOOD_BODIES.appCubeToken, appSecret })
  const without = (appSecret: string, headers = {}): RequestParts => ({ headers, body: bodyKey(appSecret) })

  it('is the credential of a client that sends no Authorization header', async () => {
    const { status, body, line } = await call(world, await fresh(), without(world.callerKey))
    expect([status, body.errorCode, line.code, line.callerId]).toEqual([
      200,
      0,
      'APP_CUBE_TOKEN_ISSUED',
      'shop',
    ])
  })

  it.each([
    ['that is unknown', `ctb_${'A'.repeat(43)}`, {}, 401, 'CALLER_UNKNOWN'],
    ['that is malformed', 'ctb_short', {}, 401, 'CALLER_MALFORMED'],
    ['with a line break', 'ctb_a\r\nx: y', {}, 401, 'CALLER_MALFORMED'],
    ['that is the key of laptops', 'ctb_local-development-only', {}, 401, 'CALLER_MALFORMED'],
    ['that is the vendor’s secret', 'the-password-of-oiap', {}, 400, 'BODY_INVALID'],
    ['that is empty', '', {}, 400, 'BODY_INVALID'],
  ])('%s is refused', async (_, appSecret, headers, status, code) => {
    const answer = await call(world, await fresh(), without(appSecret, headers))
    expect([answer.status, answer.line.code]).toEqual([status, code])
    expect((await call(world, await fresh(), without(world.callerKey))).status).toBe(200)
  })

  it('is refused in a browser, as in the header', async () => {
    const origin = { origin: 'https://www.example.com' }
    const { status, line } = await call(world, await fresh(), without(world.callerKey, origin))
    expect([status, line.code]).toEqual([401, 'CALLER_FROM_BROWSER'])
  })

  it('is refused beside a header: a request names one credential', async () => {
    const { status, body } = await call(world, await fresh(), parts(bodyKey(world.callerKey)))
    expect([status, body]).toEqual([
      400,
      {
        errorCode: 990004000,
        errorMsg: 'appSecret: expected the caller key in one place, here or as Authorization',
      },
    ])
  })

  it('is not taken from a body that cannot be read: its caller stays unknown', async () => {
    const rawBody = `{"appKey":"x","appSecret":"${world.callerKey}"`
    expect((await call(world, await fresh(), { rawBody })).line.code).toBe('CALLER_MISSING')
  })
})

describe('the AppCube token of two sandboxes', () => {
  it('is one, stored so that a dump of the table is of no use', async () => {
    const [first, second] = [
      await call(world, await fresh(), parts()),
      await call(world, await fresh(), parts()),
    ]
    expect([second.body.authToken, asked()]).toEqual([first.body.authToken, 1])
    const items = await world.tokenItems()
    expect(items).toMatchObject([{ system: 'oiap', tenantSpaceId: TENANT, generation: 1 }])
    secret('AppCube token', first.body.authToken)
    expect(leaksIn(JSON.stringify(items))).toEqual([])
  })

  it('is refused to both for one wrong secret: the vendor sees it once, until it changes', async () => {
    world.putSettings('oiap', { appSecret: secret('wrong secret', 'this-is-not-the-password') })
    for (const sandbox of [await fresh(), await fresh()]) {
      const { status, line } = await call(world, sandbox, parts())
      expect([status, line.code]).toEqual([502, 'UPSTREAM_CREDENTIAL'])
    }
    expect([asked(), world.vendors.oiap.wrongSecrets()]).toEqual([1, 1])
    world.putSettings('oiap')
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })

  it('is not asked for while nobody can say whether the secret was refused, but served where it is known', async () => {
    const known = await fresh()
    expect((await call(world, known, parts())).status).toBe(200)
    world.dynamoDb.fail({ kind: 'error' })
    const { status, body, line } = await call(world, await fresh(), parts())
    expect([status, body.errorCode, line.code]).toEqual([503, 990005030, 'TOKEN_STORE_UNAVAILABLE'])
    expect(asked()).toBe(1)
    // its token has ended, and its secret was good
    clock.at += 3_600_000
    expect((await call(world, known, parts())).status).toBe(200)
    expect(asked()).toBe(2)
  })
})
