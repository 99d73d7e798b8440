import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import {
  call,
  callersSecret,
  ISSUER,
  newCallerKey,
  PREFIX,
  type RequestParts,
  startWorld,
  TENANT,
  USER,
  type World,
} from '../support/world.ts'

let world: World
let newIssue: (changes?: { env?: Record<string, string>; now?: () => Date }) => HttpHandler
let issue: HttpHandler

const ALL = ['chat-token:issue', 'chat:relay', 'live-token:issue']
const MAY = ['access-token:issue', ...ALL]
const keys = {
  shop: newCallerKey('shop key'),
  narrow: newCallerKey('key for live tokens alone'),
  scopeless: newCallerKey('key that issues enterprise tokens alone'),
  vouching: newCallerKey('vouching key'),
  ending: newCallerKey('key that ends in a minute'),
  elsewhere: newCallerKey('key for another tenant'),
}
let minuteFromNow: number

beforeAll(async () => {
  world = await startWorld()
  minuteFromNow = Math.floor(Date.now() / 1000) + 60
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([
      { callerId: 'shop', key: keys.shop, scopes: MAY },
      { callerId: 'narrow', key: keys.narrow, scopes: ['access-token:issue', 'live-token:issue'] },
      { callerId: 'scopeless', key: keys.scopeless, scopes: ['enterprise-token:issue', ...ALL] },
      { callerId: 'vouching', key: keys.vouching, scopes: [...MAY, 'users:vouch'] },
      { callerId: 'ending', key: keys.ending, scopes: MAY, expiresAt: minuteFromNow },
      { callerId: 'elsewhere', key: keys.elsewhere, scopes: MAY, tenants: ['202007159032'] },
    ]),
  )
  const { issueAccessToken } = await import('../../functions/issue-access-token.ts')
  newIssue = ({ env = {}, ...changes } = {}) =>
    issueAccessToken(world.runtime({ env: { ...process.env, ...env }, ...changes }))
})
afterAll(() => world.close())
beforeEach(() => {
  issue = newIssue()
})

const GOOD = { ...USER, tenantSpaceId: TENANT, scopes: ALL }
const asked = (changes: object = {}, key = keys.shop): RequestParts => ({
  headers: { authorization: `Bearer ${key}` },
  body: { ...GOOD, ...changes },
})
const partsOf = (token: string) =>
  token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'))

describe('POST /access-tokens', () => {
  it('answers 201 with exactly the documented members, header and claims', async () => {
    const { status, body, line } = await call(
      world,
      issue,
      asked({ scopes: ['chat:relay', 'chat-token:issue'] }),
    )
    secret('access token', body.accessToken.split('.')[2])
    expect(status).toBe(201)
    const [header = '', claims = '{}'] = partsOf(body.accessToken)
    expect(header).toBe(
      JSON.stringify({ alg: 'ES256', kid: world.ring.signingKey.keys[0]?.kid, typ: 'at+jwt' }),
    )
    const { iat, jti, ...rest } = JSON.parse(claims)
    expect(jti).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(rest).toEqual({
      iss: ISSUER,
      aud: `${ISSUER}/upstream`,
      sub: '10010001',
      name: 'Tom',
      tenantSpaceId: TENANT,
      scope: 'chat:relay chat-token:issue',
      client_id: 'shop',
      ver: '0.0',
      exp: iat + 300,
    })
    expect(body).toEqual({
      accessToken: body.accessToken,
      tokenType: 'Bearer',
      expiresAt: new Date((iat + 300) * 1000).toISOString(),
      expiresIn: 300,
      scopes: ['chat:relay', 'chat-token:issue'],
    })
    expect(line).toMatchObject({ code: 'ACCESS_TOKEN_ISSUED', callerId: 'shop', tenantSpaceId: TENANT, jti })
  })

  it('lets a token live as long as the stage says', async () => {
    const { body } = await call(world, newIssue({ env: { ACCESS_TOKEN_LIFETIME_SECONDS: '900' } }), asked())
    expect(body.expiresIn).toBe(900)
    expect(() => newIssue({ env: { ACCESS_TOKEN_LIFETIME_SECONDS: '901' } })).toThrow(
      'settings missing or not usable: ACCESS_TOKEN_LIFETIME_SECONDS (expected at most 900)',
    )
  })

  it("never lets a token outlive the caller's own key", async () => {
    const now = () => new Date((minuteFromNow - 42) * 1000)
    const { body } = await call(world, newIssue({ now }), asked({}, keys.ending))
    expect([body.expiresIn, body.expiresAt]).toEqual([42, new Date(minuteFromNow * 1000).toISOString()])
    expect(JSON.parse(partsOf(body.accessToken)[1] ?? '').exp).toBe(minuteFromNow)
  })

  it.each([
    ['a caller without access-token:issue', () => asked({}, keys.scopeless), 403, 'SCOPE_MISSING', undefined],
    ['a scope that the caller lacks', () => asked({}, keys.narrow), 403, 'SCOPE_MISSING', 'scopes'],
    ['another tenant', () => asked({}, keys.elsewhere), 403, 'TENANT_FORBIDDEN', 'tenantSpaceId'],
    [
      'a scope that no page may have',
      () => asked({ scopes: ['users:write'] }),
      400,
      'BODY_INVALID',
      'scopes.0',
    ],
    ['its own scope', () => asked({ scopes: ['access-token:issue'] }), 400, 'BODY_INVALID', 'scopes.0'],
    ['no scopes', () => asked({ scopes: undefined }), 400, 'BODY_INVALID', 'scopes'],
    ['an empty list of scopes', () => asked({ scopes: [] }), 400, 'BODY_INVALID', 'scopes'],
    ['a scope twice', () => asked({ scopes: ['chat:relay', 'chat:relay'] }), 400, 'BODY_INVALID', 'scopes'],
    ['scopes in one text', () => asked({ scopes: 'chat:relay' }), 400, 'BODY_INVALID', 'scopes'],
    ['a life of its own choice', () => asked({ lifetimeSeconds: 900 }), 400, 'BODY_INVALID', 'body'],
    ['no userId', () => asked({ userId: undefined }), 400, 'BODY_INVALID', 'userId'],
    ['an unknown user', () => asked({ userId: 'nobody' }), 404, 'USER_UNKNOWN', 'userId'],
    ['another name', () => asked({ userName: 'tom' }), 409, 'USER_NAME_DIFFERS', 'userName'],
  ])('refuses %s', async (_, parts, status, code, field) => {
    const { status: answered, body, line } = await call(world, issue, parts())
    expect([answered, body.code, body.field, line.code]).toEqual([status, code, field, code])
    expect((await call(world, issue, asked())).status).toBe(201)
  })

  it('issues to a user whose id and name are any text, the name in form NFC', async () => {
    await world.putUser({ userId: '\u5f20\u4e09', userName: '\u674e' })
    const { status, body } = await call(world, issue, asked({ userId: '\u5f20\u4e09', userName: '\uf9e1' }))
    expect(status).toBe(201)
    expect(JSON.parse(partsOf(body.accessToken)[1] ?? '')).toMatchObject({
      sub: '\u5f20\u4e09',
      name: '\u674e',
    })
  })

  it('grants a caller the scopes that it has itself', async () => {
    const { status } = await call(world, issue, asked({ scopes: ['live-token:issue'] }, keys.narrow))
    expect(status).toBe(201)
  })

  it.each([
    ['disabled', 403, 'USER_DISABLED'],
    ['deleted', 404, 'USER_UNKNOWN'],
  ] as const)('refuses a user that was %s, whoever vouches', async (status, expected, code) => {
    const user = { userId: `was-${status}`, userName: 'Tom' }
    await world.putUser({ ...user, status, epoch: 3 })
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    const answer = await call(world, vouching, asked(user, keys.vouching))
    expect([answer.status, answer.line.code]).toEqual([expected, code])
  })

  it('enters an unknown user for a caller that vouches, where the stage lets it', async () => {
    const user = { userId: 'new-to-pages', userName: 'Zoë' }
    expect((await call(world, issue, asked(user, keys.vouching))).line.code).toBe('USER_UNKNOWN')
    const vouching = newIssue({ env: { DIRECTORY: 'on-issue' } })
    expect((await call(world, vouching, asked(user))).line.code).toBe('USER_UNKNOWN')
    expect((await call(world, vouching, asked(user, keys.vouching))).status).toBe(201)
  })

  it('is no place for a browser', async () => {
    const { headers, ...rest } = asked()
    const { status, line } = await call(world, issue, {
      ...rest,
      headers: { ...headers, origin: 'https://www.example.com' },
    })
    expect([status, line.code]).toEqual([401, 'CALLER_FROM_BROWSER'])
  })

  it('writes no name and no token into any log line', async () => {
    await call(world, issue, asked())
    expect(world.lines.map((line) => JSON.stringify(line)).join('\n')).not.toMatch(/Tom|eyJ/)
  })
})
