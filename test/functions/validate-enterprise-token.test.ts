import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokedTokenKey } from '../../lib/directory/items.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { claims, foreignKey, header, mint, privateKeyOf, signatureTwin } from '../support/mint.ts'
import { goodToken, MESSAGES, question, REFUSALS, type RefusalWorld } from '../support/refusals.ts'
import {
  call,
  contextWith,
  ISSUER,
  PREFIX,
  startWorld,
  TABLE,
  TENANT,
  USER,
  type World,
} from '../support/world.ts'

let world: World
let refusalWorld: RefusalWorld
let validate: HttpHandler
let newValidate: (changes?: Parameters<World['runtime']>[0]) => HttpHandler

beforeAll(async () => {
  world = await startWorld()
  const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
  newValidate = (changes) => validateEnterpriseToken(world.runtime(changes))
  validate = newValidate()
  const active = world.ring.signingKey.keys.find(({ state }) => state === 'active')
  if (active === undefined) throw new TypeError('the ring has no active key')
  const trueKey = privateKeyOf(active)
  const publicText = createPublicKey(trueKey).export({ format: 'jwk' }).x ?? ''
  refusalWorld = { kid: active.kid, trueKey, foreignKey: foreignKey(), publicText, issuer: ISSUER }
})
afterAll(() => world.close())

/** Refusals that come before, or instead of, a signature that holds. */
const UNSIGNED = /^BODY_|TOKEN_(TOO_LARGE|MALFORMED|HEADER_UNKNOWN|SIGNATURE_INVALID)$/

const ask = (body: Record<string, unknown>) => call(world, validate, { body })

describe('POST …/chatThirdPartyValidate', () => {
  it('answers retCode 0 for a good token, again and again', async () => {
    const body = question(goodToken(refusalWorld))
    for (const _ of [1, 2, 3]) {
      const { status, body: answer, headers, line } = await ask(body)
      expect({ status, answer }).toEqual({ status: 200, answer: { retCode: 0, message: 'validate success' } })
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-request-id': line.requestId,
      })
      expect(line).toMatchObject({ level: 'INFO', code: 'TOKEN_VALID', tenantSpaceId: TENANT })
    }
  })

  it.each(REFUSALS)('refuses: $fault → $code', async ({ code, retCode, body }) => {
    const spoilt = await ask(body(refusalWorld))
    expect(spoilt.line.code).toBe(code)
    expect(spoilt.status).toBe(200)
    expect(spoilt.body).toEqual({ retCode, message: MESSAGES[retCode] })
    // Of a token, only what a true signature vouches for is logged.
    const named = ['jti', 'kid', 'tenantSpaceId'].filter((name) => name in spoilt.line)
    if (UNSIGNED.test(code)) expect(named).toEqual([])
    else if (code !== 'TOKEN_CLAIMS_INVALID') expect(named).toHaveLength(3)
    const twin = await ask(question(goodToken(refusalWorld)))
    expect(twin.body).toEqual({ retCode: 0, message: 'validate success' })
  })

  it('accepts a token of the next key, since its public half is out already', async () => {
    const next = world.ring.signingKey.keys.find(({ state }) => state === 'next')
    if (next === undefined) throw new TypeError('the ring has no next key')
    const { body } = await ask(question(mint(header(next.kid), claims(), privateKeyOf(next))))
    expect(body.retCode).toBe(0)
  })

  it('accepts a retired key until its verifyUntil, and from then on refuses what it truly signed', async () => {
    const verifyUntil = Math.floor(Date.now() / 1000) + 100
    const [active, next] = world.ring.jwks.keys
    world.secretsManager.put('cec-token-bridge/retired/jwks', { keys: [{ ...active, verifyUntil }, next] })
    const env = { ...process.env, SECRETS_PREFIX: 'cec-token-bridge/retired' }
    let at = verifyUntil * 1000 - 1
    const handler = newValidate({ env, now: () => new Date(at) })
    const body = question(goodToken(refusalWorld))
    expect((await call(world, handler, { body })).body.retCode).toBe(0)
    at += 1
    const { line, body: answer } = await call(world, handler, { body })
    expect([line.code, answer.retCode]).toEqual(['TOKEN_KEY_RETIRED', 2])
  })

  it('answers retCode 6, not "not ours", when a published key is no point of the curve', async () => {
    const [active] = world.ring.jwks.keys
    const broken = { keys: [{ ...active, y: active?.x }] }
    world.secretsManager.put('cec-token-bridge/off-curve/jwks', broken)
    const env = { ...process.env, SECRETS_PREFIX: 'cec-token-bridge/off-curve' }
    const { line, body } = await call(world, newValidate({ env }), {
      body: question(goodToken(refusalWorld)),
    })
    expect([line.code, body.retCode]).toEqual(['INTERNAL', 6])
  })

  it.each([
    ['203.0.113.7', true],
    ['203.0.114.7', false],
    ['198.51.100.9', true],
    ['198.51.100.10', false],
    ['2001:db8::5', true],
    ['2001:db9::5', false],
    ['::ffff:203.0.113.7', true],
    ['', false],
  ])(
    'takes only sources of CEC_SOURCE_CIDRS, whatever is forwarded: %s → %s',
    async (sourceIp, isAllowed) => {
      const env = { ...process.env, CEC_SOURCE_CIDRS: '203.0.113.0/24, 2001:db8::/32,198.51.100.9' }
      const { status, body, line } = await call(world, newValidate({ env }), {
        body: question(goodToken(refusalWorld)),
        sourceIp,
        headers: { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' },
      })
      expect([status, body.retCode, line.code]).toEqual(
        isAllowed ? [200, 0, 'TOKEN_VALID'] : [200, 6, 'SOURCE_FORBIDDEN'],
      )
    },
  )

  it.each([
    '203.0.113.0/33',
    '203.0.113.0/24,,',
    'cec.example',
    '10.0.0.0/8/8',
    '2001:db8::/129',
    '1.2.3.4/',
    ' ',
  ])('does not start with a list of sources that it cannot read: %j', (CEC_SOURCE_CIDRS) => {
    expect(() => newValidate({ env: { ...process.env, CEC_SOURCE_CIDRS } })).toThrow(
      'CEC_SOURCE_CIDRS (expected addresses or CIDR blocks, separated by commas)',
    )
  })

  it('refuses one token that was revoked by its jti, and no other of the user', async () => {
    const jti = 'revoked-revoked-revoked'
    const token = (id: string) => mint(header(refusalWorld.kid), claims({ jti: id }), refusalWorld.trueKey)
    await world.dynamoDb.put(TABLE, [{ pk: revokedTokenKey(TENANT, jti), expiresAt: 4_000_000_000 }])
    const { line, body } = await ask(question(token(jti)))
    expect([line.code, line.field, body]).toEqual([
      'TOKEN_REVOKED',
      'jti',
      { retCode: 5, message: 'user not admitted' },
    ])
    expect((await ask(question(token('another-another-another')))).body.retCode).toBe(0)
  })

  it('goes by the jti and not by the text: the twin of a signature is good, and dies with its token', async () => {
    const jti = 'twin-twin-twin-twin-twin'
    const token = mint(header(refusalWorld.kid), claims({ jti }), refusalWorld.trueKey)
    const other = signatureTwin(token)
    expect(other).not.toBe(token)
    expect((await call(world, newValidate(), { body: question(other) })).body.retCode).toBe(0)
    await world.dynamoDb.put(TABLE, [{ pk: revokedTokenKey(TENANT, jti), expiresAt: 4_000_000_000 }])
    for (const text of [token, other]) {
      expect((await call(world, newValidate(), { body: question(text) })).line.code).toBe('TOKEN_REVOKED')
    }
  })

  it('finds a key that is newer than its copy of the ring with one forced read', async () => {
    const prefix = 'cec-token-bridge/grown'
    const [active, next] = world.ring.jwks.keys
    world.secretsManager.put(`${prefix}/jwks`, { keys: [next] })
    const handler = newValidate({ env: { ...process.env, SECRETS_PREFIX: prefix } })
    expect((await call(world, handler, { body: question('a.b.c') })).body.retCode).toBe(2)
    world.secretsManager.put(`${prefix}/jwks`, { keys: [active, next] })
    expect((await call(world, handler, { body: question(goodToken(refusalWorld)) })).body.retCode).toBe(0)
  })

  it('expires at exp itself, not a second later', async () => {
    const nowSeconds = Math.floor(Date.now() / 1000)
    const body = question(mint(header(refusalWorld.kid), claims({}, nowSeconds), refusalWorld.trueKey))
    const verdictAt = async (ms: number) =>
      (await call(world, newValidate({ now: () => new Date(ms) }), { body })).body.retCode
    expect(await verdictAt((nowSeconds + 300) * 1000 - 1)).toBe(0)
    expect(await verdictAt((nowSeconds + 300) * 1000)).toBe(3)
  })

  it('takes an iat 4 s ahead, within the clock tolerance', async () => {
    const iat = Math.floor(Date.now() / 1000) + 4
    const token = mint(header(refusalWorld.kid), claims({ iat, exp: iat + 300 }), refusalWorld.trueKey)
    expect((await ask(question(token))).body.retCode).toBe(0)
  })

  it.each([
    ['disabled', 'TOKEN_USER_INACTIVE'],
    ['deleted', 'TOKEN_USER_INACTIVE'],
  ] as const)('refuses a user that was %s, and takes it while active', async (status, code) => {
    const userId = `user-${status}`
    const token = mint(header(refusalWorld.kid), claims({ sub: userId }), refusalWorld.trueKey)
    await world.putUser({ userId, userName: USER.userName, status })
    const refused = await call(world, newValidate(), { body: question(token, { userId }) })
    expect([refused.line.code, refused.body]).toEqual([code, { retCode: 5, message: 'user not admitted' }])
    await world.putUser({ userId, userName: USER.userName })
    expect((await call(world, newValidate(), { body: question(token, { userId }) })).body.retCode).toBe(0)
  })

  it('refuses a user that the directory does not know with TOKEN_USER_UNKNOWN', async () => {
    const token = mint(header(refusalWorld.kid), claims({ sub: 'nobody' }), refusalWorld.trueKey)
    const { body, line } = await ask(question(token, { userId: 'nobody' }))
    expect([line.code, body.retCode]).toEqual(['TOKEN_USER_UNKNOWN', 5])
  })

  it('ends a token within a second of its user epoch having changed', async () => {
    const userId = 'leaver'
    let at = Date.now()
    const handler = newValidate({ now: () => new Date(at) })
    await world.putUser({ userId, userName: USER.userName })
    const body = question(mint(header(refusalWorld.kid), claims({ sub: userId }), refusalWorld.trueKey), {
      userId,
    })
    expect((await call(world, handler, { body })).body.retCode).toBe(0)
    await world.putUser({ userId, userName: USER.userName, epoch: 1 })
    at += 500
    const { line } = await call(world, handler, { body })
    expect(line.code).toBe('TOKEN_REVOKED')
  })

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/octet-stream, handed over as base64', { isBase64Encoded: true }],
  ])(
    'reads JSON whatever the content type claims: %s',
    async (type, { isBase64Encoded = false }: { isBase64Encoded?: boolean }) => {
      const text = JSON.stringify(question(goodToken(refusalWorld)))
      const rawBody = isBase64Encoded ? Buffer.from(text).toString('base64') : text
      const { body } = await call(world, validate, {
        rawBody,
        isBase64Encoded,
        headers: { 'content-type': type },
      })
      expect(body.retCode).toBe(0)
    },
  )

  it('ignores members that CEC may add', async () => {
    const { body } = await ask(
      question(goodToken(refusalWorld), { channel: 'WEB', nested: { __proto__: null } }),
    )
    expect(body.retCode).toBe(0)
  })

  it.each([
    ['no body', {}, 'BODY_MISSING'],
    ['a blank body', { rawBody: ' \n' }, 'BODY_MISSING'],
    [
      'the invalid JSON of the source document',
      { rawBody: '{"Token":"X" "userName":"Tom"}' },
      'BODY_NOT_JSON',
    ],
    ['a list', { rawBody: '[]' }, 'BODY_INVALID'],
    ['17 levels', { rawBody: `${'['.repeat(17)}${']'.repeat(17)}` }, 'BODY_TOO_DEEP'],
    ['more than 16 KiB', { rawBody: `"${'a'.repeat(16_384)}"` }, 'BODY_TOO_LARGE'],
    [
      'more than 16 KiB in base64',
      { rawBody: Buffer.alloc(16_385, 97).toString('base64'), isBase64Encoded: true },
      'BODY_TOO_LARGE',
    ],
    [
      'overlong UTF-8',
      { rawBody: Buffer.from([0x22, 0xc0, 0xaf, 0x22]).toString('base64'), isBase64Encoded: true },
      'BODY_NOT_UTF8',
    ],
    ['a lone surrogate', { rawBody: '"\ud800"' }, 'BODY_NOT_UTF8'],
  ])('answers retCode 1 for %s', async (_, parts, code) => {
    const { status, body, line } = await call(world, validate, parts)
    expect([status, body, line.code]).toEqual([200, { retCode: 1, message: 'malformed request' }, code])
  })

  it('names nothing of a refused body in the log but its length', async () => {
    const { line } = await ask(question('not-a-token', { userId: 'u-secretive', userName: 'N-secretive' }))
    expect(JSON.stringify(line)).not.toMatch(/secretive|202007159031|not-a-token/)
    expect(line.bodyBytes).toBe(
      Buffer.byteLength(
        JSON.stringify(question('not-a-token', { userId: 'u-secretive', userName: 'N-secretive' })),
      ),
    )
  })

  it('answers retCode 6 while the directory cannot be asked, and 0 once it can', async () => {
    const deaf = { ...process.env, DIRECTORY_TABLE: 'no-such-table' }
    const body = question(goodToken(refusalWorld))
    const { status, body: answer, line } = await call(world, newValidate({ env: deaf }), { body })
    expect([status, answer]).toEqual([200, { retCode: 6, message: 'cannot be checked now' }])
    expect(line).toMatchObject({
      level: 'ERROR',
      code: 'DIRECTORY_UNAVAILABLE',
      reason: 'ResourceNotFoundException',
    })
    expect((await call(world, newValidate(), { body })).body.retCode).toBe(0)
  })

  it('answers retCode 6 with half a second of the Lambda left when Secrets Manager is silent', async () => {
    world.secretsManager.fail({ kind: 'hang', times: 10 })
    const handler = newValidate()
    const context = contextWith(1_200)
    const { body, line } = await call(world, handler, { body: question(goodToken(refusalWorld)) }, context)
    expect([line.code, body.retCode]).toEqual(['DEADLINE_EXCEEDED', 6])
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(400)
    world.secretsManager.clearFaults()
  })

  it('answers retCode 6 while there are no keys, and 0 as soon as there are', async () => {
    const { secretsManager, ring } = world
    secretsManager.put(`${PREFIX}/jwks`, { keys: [] })
    const handler = newValidate()
    const body = question(goodToken(refusalWorld))
    const before = await call(world, handler, { body })
    expect([before.line.code, before.body.retCode]).toEqual(['KEYS_NOT_INITIALISED', 6])
    secretsManager.put(`${PREFIX}/jwks`, ring.jwks)
    // The first request spent the forced re-read on a ring that was still empty: the next one comes 30 s later.
    const later = newValidate()
    expect((await call(world, later, { body })).body.retCode).toBe(0)
  })
})
