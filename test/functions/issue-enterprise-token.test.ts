import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { secret } from '../support/canary.ts'
import {
  bearer,
  GOOD,
  good,
  issue,
  keys,
  newIssue,
  useIssuingWorld,
  validate,
  world,
} from '../support/issuing-world.ts'
import { call, callersSecret, ISSUER, PREFIX, TENANT } from '../support/world.ts'

useIssuingWorld()

describe('POST /enterprise-tokens', () => {
  it('answers 201 with a token that the validate route accepts', async () => {
    const before = Date.now()
    const { status, body, headers, line } = await call(world, issue, good())
    expect(status).toBe(201)
    expect(Object.keys(body)).toEqual(['token', 'expiresAt', 'expiresIn', 'thirdUserData'])
    expect(body.thirdUserData).toEqual({
      thirdUserToken: body.token,
      thirdUserName: 'Tom',
      thirdUserId: '10010001',
    })
    expect(body.expiresIn).toBe(300)
    expect(Math.abs(Date.parse(body.expiresAt) - (before + 300_000))).toBeLessThan(2_000)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    })
    expect(line).toMatchObject({
      level: 'INFO',
      code: 'TOKEN_ISSUED',
      callerId: 'shop',
      tenantSpaceId: TENANT,
      status: 201,
    })

    secret('enterprise token', body.token.split('.')[2])
    const { thirdUserToken: Token, thirdUserName: userName, thirdUserId: userId } = body.thirdUserData
    const verdict = await call(world, validate, { body: { Token, userName, userId, tenantSpaceId: TENANT } })
    expect(verdict.body).toEqual({ retCode: 0, message: 'validate success' })
    expect(verdict.line.jti).toBe(line.jti)
  })

  it('puts exactly the documented header and claims into the token', async () => {
    const { body } = await call(world, newIssue({ env: { TOKEN_LIFETIME_SECONDS: '60' } }), good())
    const [header, claims] = body.token
      .split('.')
      .map((part: string) => Buffer.from(part, 'base64url').toString())
    expect(header).toBe(
      JSON.stringify({ alg: 'ES256', kid: world.ring.signingKey.keys[0]?.kid, typ: 'cec-enterprise+jwt' }),
    )
    const { iat, jti, ...rest } = JSON.parse(claims)
    expect(jti).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(rest).toEqual({
      iss: ISSUER,
      aud: `urn:cec:${TENANT}`,
      sub: '10010001',
      name: 'Tom',
      ver: '0.0',
      exp: iat + 60,
    })
  })

  const WRONG_CALLERS: readonly [string, () => Record<string, string>, string][] = [
    ['no key', () => ({}), 'CALLER_MISSING'],
    ['a key of another form', () => bearer('secret'), 'CALLER_MALFORMED'],
    ['Basic instead of Bearer', () => ({ authorization: `Basic ${world.callerKey}` }), 'CALLER_MALFORMED'],
    [
      'two keys in one header',
      () => ({ authorization: `Bearer ${world.callerKey},Bearer ${world.callerKey}` }),
      'CALLER_MALFORMED',
    ],
    [
      'a key with a blank behind',
      () => ({ authorization: `Bearer ${world.callerKey} ` }),
      'CALLER_MALFORMED',
    ],
    ['a key that nobody has', () => bearer(`ctb_${randomBytes(32).toString('base64url')}`), 'CALLER_UNKNOWN'],
    ['an expired key', () => bearer(keys.expired), 'CALLER_EXPIRED'],
    [
      'a key sent by a browser (Origin)',
      () => ({ ...bearer(world.callerKey), Origin: 'https://shop.invalid' }),
      'CALLER_FROM_BROWSER',
    ],
    [
      'a key sent by a browser (Sec-Fetch-Site)',
      () => ({ ...bearer(world.callerKey), 'sec-fetch-site': 'same-origin' }),
      'CALLER_FROM_BROWSER',
    ],
    ['the key of the local stage', () => bearer('ctb_local-development-only'), 'CALLER_MALFORMED'],
  ]

  it.each(WRONG_CALLERS)('answers one generic 401 for %s', async (_, headers, code) => {
    const {
      status,
      body,
      headers: answered,
      line,
    } = await call(world, issue, { ...good(), headers: headers() })
    expect([status, body]).toEqual([401, { code: 'UNAUTHENTICATED', message: 'expected a valid credential' }])
    expect(answered['www-authenticate']).toBe('Bearer')
    expect(line.code).toBe(code)
    expect((await call(world, issue, good())).status).toBe(201)
  })

  it('says in the log whose key has expired', async () => {
    const { line } = await call(world, issue, { ...good(), headers: bearer(keys.expired) })
    expect(line).toMatchObject({ code: 'CALLER_EXPIRED', callerId: 'expired' })
  })

  it('refuses the key of the local stage elsewhere even when a callers secret holds it', async () => {
    const planted = callersSecret([{ callerId: 'planted', key: 'ctb_local-development-only' }])
    const { secretsManager } = world
    secretsManager.put('cec-token-bridge/other/callers', planted)
    secretsManager.put('cec-token-bridge/other/signing-key', world.ring.signingKey)
    secretsManager.put('cec-token-bridge/other/jwks', world.ring.jwks)
    const at = (STAGE: string) => newIssue({ env: { STAGE, SECRETS_PREFIX: 'cec-token-bridge/other' } })
    const parts = { headers: bearer('ctb_local-development-only'), body: GOOD }
    expect((await call(world, at('prod'), parts)).line.code).toBe('CALLER_MALFORMED')
    expect((await call(world, at('local'), parts)).status).toBe(201)
  })

  it.each([
    [
      'a caller without the scope',
      () => keys.scopeless,
      { code: 'SCOPE_MISSING', message: 'expected a caller with scope enterprise-token:issue' },
    ],
    [
      'a caller of another tenant',
      () => keys.elsewhere,
      {
        code: 'TENANT_FORBIDDEN',
        message: 'tenantSpaceId: expected a tenant of this caller',
        field: 'tenantSpaceId',
      },
    ],
  ])('answers 403 to %s', async (_, key, expected) => {
    const { status, body, line } = await call(world, issue, { headers: bearer(key()), body: GOOD })
    expect([status, body, line.code]).toEqual([403, expected, expected.code])
  })

  it('lets a caller with two tenants name either in the body', async () => {
    await world.dynamoDb.put('cec-token-bridge-test-directory', [])
    const named = (tenantSpaceId: string) => ({ headers: bearer(keys.two), body: { ...GOOD, tenantSpaceId } })
    expect((await call(world, issue, named(TENANT))).status).toBe(201)
    expect((await call(world, issue, named('202007159032'))).line.code).toBe('USER_UNKNOWN')
    expect((await call(world, issue, named('202007159033'))).line.code).toBe('TENANT_FORBIDDEN')
  })

  it.each([
    ['no userId', { userId: undefined }, 'userId', 'userId: expected a string'],
    ['an empty userId', { userId: '' }, 'userId', 'userId: expected 1 to 32 characters'],
    [
      'a userId of 33 characters',
      { userId: 'a'.repeat(33) },
      'userId',
      'userId: expected 1 to 32 characters',
    ],
    ['a userId that is not NFC', { userId: 'Zoe\u0308' }, 'userId', 'userId: expected Unicode form NFC'],
    [
      'a userId with a blank behind',
      { userId: '10010001 ' },
      'userId',
      'userId: expected no blank at either end',
    ],
    ['a userId as a number', { userId: 10010001 }, 'userId', 'userId: expected a string'],
    [
      'a userName of 257 characters',
      { userName: 'a'.repeat(257) },
      'userName',
      'userName: expected 1 to 256 characters',
    ],
    [
      'a userName with a line break',
      { userName: 'Tom\nTim' },
      'userName',
      'userName: expected no control characters',
    ],
    [
      'a userName with a direction override',
      { userName: 'Tom\u202emiT' },
      'userName',
      'userName: expected no direction characters',
    ],
    [
      'a userName with a zero-width blank',
      { userName: 'To\u200bm' },
      'userName',
      'userName: expected no invisible characters',
    ],
    [
      'a tenantSpaceId as a path',
      { tenantSpaceId: '../x' },
      'tenantSpaceId',
      'tenantSpaceId: expected 1 to 64 letters, digits, underscores or hyphens',
    ],
    [
      'an unknown member',
      { lifetimeSeconds: 3600 },
      'body',
      'body: expected no members but the documented ones',
    ],
  ])('answers 400 with the path of the field for %s', async (_, change, field, message) => {
    const { status, body, line } = await call(world, issue, { ...good(), body: { ...GOOD, ...change } })
    expect([status, body]).toEqual([400, { code: 'BODY_INVALID', message, field }])
    expect(line).toMatchObject({ code: 'BODY_INVALID', field })
  })

  it('holds ids to the characters and the length that the stage allows', async () => {
    const narrow = newIssue({ env: { USER_ID_CHARACTERS: '0-9', USER_ID_MAX_LENGTH: '8' } })
    expect((await call(world, narrow, good())).status).toBe(201)
    for (const [userId, says] of [
      ['1001000a', 'expected only characters of USER_ID_CHARACTERS'],
      ['100100011', 'expected 1 to 8 characters'],
    ]) {
      const { status, body } = await call(world, narrow, { ...good(), body: { ...GOOD, userId } })
      expect([status, body.message]).toEqual([400, `userId: ${says}`])
    }
  })

  it.each([
    ['no body', {}, 400, { code: 'BODY_MISSING', message: 'body: expected JSON' }],
    ['no JSON', { rawBody: '{' }, 400, { code: 'BODY_NOT_JSON', message: 'body: expected JSON' }],
    [
      'more than 16 KiB',
      { rawBody: ' '.repeat(16_385) },
      413,
      { code: 'BODY_TOO_LARGE', message: 'body: expected at most 16384 bytes' },
    ],
  ])('answers for %s', async (_, parts, status, expected) => {
    const answer = await call(world, issue, { headers: bearer(world.callerKey), ...parts })
    expect([answer.status, answer.body]).toEqual([status, expected])
  })

  it("takes Node's own fetch for the back end that it is, though it sends sec-fetch-mode", async () => {
    const headers = { ...bearer(world.callerKey), 'sec-fetch-mode': 'cors' }
    expect((await call(world, issue, { ...good(), headers })).status).toBe(201)
  })

  it('looks at the caller before it looks at the body', async () => {
    expect((await call(world, issue, { rawBody: '{' })).status).toBe(401)
  })

  it('answers 404 for a user that the directory does not know', async () => {
    const { status, body } = await call(world, issue, { ...good(), body: { ...GOOD, userId: 'nobody' } })
    expect([status, body]).toEqual([
      404,
      { code: 'USER_UNKNOWN', message: 'userId: expected a user of the directory', field: 'userId' },
    ])
  })

  it("answers 409 for a name that is not the directory's", async () => {
    const { status, body } = await call(world, issue, { ...good(), body: { ...GOOD, userName: 'tom' } })
    expect([status, body]).toEqual([
      409,
      {
        code: 'USER_NAME_DIFFERS',
        message: "userName: expected the directory's name of this user",
        field: 'userName',
      },
    ])
  })

  it.each([
    ['disabled', 403, 'USER_DISABLED'],
    ['deleted', 404, 'USER_UNKNOWN'],
  ] as const)('refuses a user that was %s, whoever vouches', async (status, expected, code) => {
    const user = { userId: `was-${status}`, userName: 'Tom' }
    await world.putUser({ ...user, status, epoch: 3 })
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    const answer = await call(world, vouching, { headers: bearer(keys.vouching), body: { ...GOOD, ...user } })
    expect([answer.status, answer.line.code]).toEqual([expected, code])
  })

  it('writes no name and no token into any log line', async () => {
    await call(world, issue, good())
    const lines = world.lines.map((line) => JSON.stringify(line)).join('\n')
    expect(lines).not.toMatch(/Tom|eyJ/)
  })

  it('answers 503 while there is no signing key', async () => {
    world.secretsManager.put('cec-token-bridge/empty/signing-key', { keys: [] })
    world.secretsManager.put('cec-token-bridge/empty/jwks', { keys: [] })
    world.secretsManager.put(
      'cec-token-bridge/empty/callers',
      callersSecret([{ callerId: 'shop', key: world.callerKey }]),
    )
    const uninitialised = newIssue({ env: { SECRETS_PREFIX: 'cec-token-bridge/empty' } })
    const { status, body, line } = await call(world, uninitialised, good())
    expect([status, body]).toEqual([
      503,
      { code: 'UNAVAILABLE', message: 'not possible at the moment, try again later' },
    ])
    expect(line).toMatchObject({ level: 'ERROR', code: 'KEYS_NOT_INITIALISED' })
  })
})

describe('start-up', () => {
  it('names every missing or unusable setting at once, and no value', () => {
    const env = {
      STAGE: '',
      ISSUER: 'http://plain.invalid',
      SECRETS_PREFIX: PREFIX,
      TOKEN_LIFETIME_SECONDS: '4000',
      USER_ID_CHARACTERS: 'z-a',
      USER_ID_MAX_LENGTH: '33',
    }
    expect(() => newIssue({ env: { ...env, DIRECTORY_TABLE: '' } })).toThrow(
      'settings missing or not usable: STAGE (missing); USER_ID_CHARACTERS (expected characters and ranges, such as ' +
        'a-zA-Z0-9._- with a hyphen first or last); USER_ID_MAX_LENGTH (expected at most 32); ISSUER (expected an https URL); DIRECTORY_TABLE (missing); TOKEN_LIFETIME_SECONDS (expected at most 3600)',
    )
  })

  it('leaves out a wrong entry of the callers, and names secret and field, never the value', async () => {
    const planted = secret('planted value', createHash('sha256').update('planted').digest('hex').slice(0, 40))
    const callers = callersSecret([{ callerId: 'shop', key: world.callerKey }])
    const broken = {
      ...callers,
      callers: [
        { ...callers.callers[0], callerId: 'broken', keys: [{ sha256: planted, expiresAt: 1 }] },
        ...callers.callers,
      ],
    }
    world.secretsManager.put('cec-token-bridge/broken/callers', broken)
    world.secretsManager.put('cec-token-bridge/broken/signing-key', world.ring.signingKey)
    world.secretsManager.put('cec-token-bridge/broken/jwks', world.ring.jwks)
    const { status, line } = await call(
      world,
      newIssue({ env: { SECRETS_PREFIX: 'cec-token-bridge/broken' } }),
      good(),
    )
    expect([status, line.code]).toEqual([201, 'TOKEN_ISSUED'])
    expect(world.lines.find(({ code }) => code === 'CALLERS_ENTRY_LEFT_OUT')).toMatchObject({
      level: 'ERROR',
      CallersLeftOut: 1,
      secret: 'cec-token-bridge/broken/callers',
      field: 'callers.0.keys.0.sha256',
      expected: 'expected SHA-256 as 64 lower-case hex digits',
    })
  })

  it('names secret and field of a malformed secret, never the value', async () => {
    const planted = secret(
      'planted value',
      createHash('sha256').update('planted 2').digest('hex').slice(0, 40),
    )
    world.secretsManager.put('cec-token-bridge/unreadable/callers', { callers: planted })
    world.secretsManager.put('cec-token-bridge/unreadable/signing-key', world.ring.signingKey)
    const { status, line } = await call(
      world,
      newIssue({ env: { SECRETS_PREFIX: 'cec-token-bridge/unreadable' } }),
      good(),
    )
    expect(status).toBe(503)
    expect(line).toMatchObject({
      code: 'SECRET_MALFORMED',
      secret: 'cec-token-bridge/unreadable/callers',
      field: 'callers',
      expected: 'expected a list of callers',
    })
  })
})
