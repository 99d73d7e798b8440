import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userItem } from '../../lib/directory/items.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { secret } from '../support/canary.ts'
import type { VendorFunctionName } from '../support/functions.ts'
import {
  accessClaims,
  accessHeader,
  claims,
  foreignKey,
  header,
  mint,
  privateKeyOf,
} from '../support/mint.ts'
import { type RefusalWorld, WRONG_HEADERS } from '../support/refusals.ts'
import {
  GOOD_BODIES,
  message,
  newChatToken,
  startVendorWorld,
  type VendorWorld,
} from '../support/vendor-world.ts'
import { call, ISSUER, type RequestParts, TABLE, TENANT, USER } from '../support/world.ts'

let world: VendorWorld
let minting: RefusalWorld
let issue: HttpHandler
let revoke: HttpHandler
let validate: HttpHandler
let apply: HttpHandler

beforeAll(async () => {
  world = await startVendorWorld()
  const [active] = world.ring.signingKey.keys
  if (active === undefined) throw new Error('no active key')
  minting = {
    kid: active.kid,
    trueKey: privateKeyOf(active),
    foreignKey: foreignKey(),
    publicText: active.x,
    issuer: ISSUER,
  }
  const runtime = world.runtime()
  issue = (await import('../../functions/issue-access-token.ts')).issueAccessToken(runtime)
  revoke = (await import('../../functions/revoke-enterprise-tokens.ts')).revokeEnterpriseTokens(runtime)
  validate = (await import('../../functions/validate-enterprise-token.ts')).validateEnterpriseToken(runtime)
  apply = await world.fresh('applyToken')
})
afterAll(() => world.close())

const PAGE = { origin: 'https://www.example.com', 'sec-fetch-site': 'cross-site' }
const fromPage = (token: string): Record<string, string> => ({ ...PAGE, authorization: `Bearer ${token}` })
const applyParts = (token: string, changes: object = {}): RequestParts => ({
  headers: fromPage(token),
  body: { ...GOOD_BODIES.applyToken, ...changes },
})
const minted = (changes: Record<string, unknown> = {}) =>
  mint(accessHeader(minting.kid), accessClaims(changes), minting.trueKey)
const now = () => Math.floor(Date.now() / 1000)

/** As a back end asks for it. */
const issued = async (user: object = {}) => {
  const scopes = ['chat-token:issue', 'chat:relay', 'live-token:issue']
  const { body, line } = await call(world, issue, {
    headers: world.authorization,
    body: { ...USER, tenantSpaceId: TENANT, scopes, ...user },
  })
  secret('access token', body.accessToken)
  return { token: body.accessToken as string, jti: line.jti ?? '' }
}

describe('an access token in a page', () => {
  it('opens a chat, and carries its messages', async () => {
    const { token, jti } = await issued()
    const answer = await call(world, apply, applyParts(token))
    expect(answer.status).toBe(200)
    expect(answer.line).toMatchObject({ callerId: 'shop', tenantSpaceId: TENANT, jti, kid: minting.kid })
    const relay = await world.fresh('chatRelay')
    const headers = { ...fromPage(token), 'ccmessaging-token': await newChatToken(world) }
    expect((await call(world, relay, { headers, body: message() })).status).toBe(200)
    const query = { receiverId: USER.userId, channel: 'WEB' }
    expect((await call(world, relay, { headers, query, method: 'GET' })).status).toBe(200)
  })

  it('fetches a live-message token', async () => {
    const { token } = await issued()
    const body = { ...GOOD_BODIES.liveMessageToken, UserId: USER.userId }
    const { status } = await call(world, await world.fresh('liveMessageToken'), {
      headers: fromPage(token),
      body,
    })
    expect(status).toBe(200)
  })

  it.each([
    ['applyToken', 'userId', { body: { ...GOOD_BODIES.applyToken, userId: '10010002' } }],
    ['applyToken', 'userName', { body: { ...GOOD_BODIES.applyToken, userName: 'Tim' } }],
    ['chatRelay', 'from', { body: message({ from: '10010002' }) }],
    ['chatRelay', 'receiverId', { method: 'GET', query: { receiverId: '10010002' } }],
    ['liveMessageToken', 'UserId', { body: { ...GOOD_BODIES.liveMessageToken, UserId: '10010002' } }],
  ] as const)('speaks at %s for nobody else: %s', async (name: VendorFunctionName, field, parts) => {
    const { token } = await issued()
    const headers = { ...fromPage(token), 'ccmessaging-token': 'not-looked-at-before' }
    const { status, line } = await call(world, await world.fresh(name), { headers, ...parts })
    expect([status, line.code, line.field]).toEqual([403, 'USER_FORBIDDEN', field])
  })

  it.each([
    ['applyToken', 'chat:relay live-token:issue'],
    ['chatRelay', 'chat-token:issue live-token:issue'],
    ['chatCalls', 'chat-token:issue live-token:issue'],
    ['uploadFileStream', 'chat-token:issue live-token:issue'],
    ['downloadFileStream', 'chat-token:issue live-token:issue'],
    ['liveMessageToken', 'chat-token:issue chat:relay'],
  ] as const)('opens %s with its own scope alone', async (name, scope) => {
    const { status, line } = await call(world, await world.fresh(name), {
      headers: fromPage(minted({ scope })),
      body: {},
    })
    expect([status, line.code]).toEqual([403, 'SCOPE_MISSING'])
  })

  it('is of one tenant', async () => {
    const parts = applyParts(minted())
    const named = (tenant: string) => ({
      ...parts,
      headers: { ...parts.headers, 'x-tenant-space-id': tenant },
    })
    expect((await call(world, apply, named(TENANT))).status).toBe(200)
    expect((await call(world, apply, named('202007159032'))).line.code).toBe('TENANT_FORBIDDEN')
  })
})

describe('shutting out', () => {
  const halfASecond = () => new Promise((resolve) => setTimeout(resolve, 500))
  const known = async (userId: string) => {
    await world.putUser({ userId, userName: 'Ann' })
    return issued({ userId, userName: 'Ann' })
  }
  const verdict = async (token: string, userId: string) =>
    (await call(world, apply, applyParts(token, { userId, userName: 'Ann' }))).line.code
  const end = (subject: object) =>
    call(world, revoke, { headers: world.authorization, body: { tenantSpaceId: TENANT, ...subject } })

  it('ends a user’s access tokens within half a second of their last use, and none that is issued later', async () => {
    const { token } = await known('ann')
    expect(await verdict(token, 'ann')).toBe('CHAT_TOKEN_ISSUED')
    expect((await end({ userId: 'ann' })).status).toBe(200)
    await halfASecond()
    expect(await verdict(token, 'ann')).toBe('ACCESS_TOKEN_REVOKED')
    const { token: later } = await issued({ userId: 'ann', userName: 'Ann' })
    expect(await verdict(later, 'ann')).toBe('CHAT_TOKEN_ISSUED')
  })

  it('ends one access token by its jti, and no other', async () => {
    const { token, jti } = await known('ben')
    const { token: other } = await issued({ userId: 'ben', userName: 'Ann' })
    await end({ jti })
    expect(await verdict(token, 'ben')).toBe('ACCESS_TOKEN_REVOKED')
    expect(await verdict(other, 'ben')).toBe('CHAT_TOKEN_ISSUED')
  })

  it.each([
    ['disabled', 'ACCESS_TOKEN_USER_INACTIVE'],
    ['deleted', 'ACCESS_TOKEN_USER_INACTIVE'],
  ] as const)('refuses a user who was %s since', async (status, code) => {
    const { token } = await known(`since-${status}`)
    await world.putUser({ userId: `since-${status}`, userName: 'Ann', status })
    expect(await verdict(token, `since-${status}`)).toBe(code)
  })

  it('refuses one of a name that the directory has changed since, and takes one of the new name', async () => {
    const { token } = await known('renamed')
    expect(await verdict(token, 'renamed')).toBe('CHAT_TOKEN_ISSUED')
    await world.putUser({ userId: 'renamed', userName: 'Anna' })
    await halfASecond()
    const parts = applyParts(token, { userId: 'renamed', userName: 'Ann' })
    const { status, line } = await call(world, apply, parts)
    expect([status, line.code, line.field]).toEqual([401, 'ACCESS_TOKEN_USER_UNKNOWN', 'name'])
    const { token: later } = await issued({ userId: 'renamed', userName: 'Anna' })
    const renamed = applyParts(later, { userId: 'renamed', userName: 'Anna' })
    expect((await call(world, apply, renamed)).status).toBe(200)
  })

  it('leaves a just-in-time user the names that callers have vouched for', async () => {
    const { token } = await known('just-in-time')
    const item = { tenantSpaceId: TENANT, userId: 'just-in-time', status: 'active', epoch: 0 } as const
    await world.dynamoDb.put(TABLE, [userItem({ ...item, userName: 'Anna', justInTime: true })])
    expect(await verdict(token, 'just-in-time')).toBe('CHAT_TOKEN_ISSUED')
  })

  it('takes a userName in any form for the token’s own', async () => {
    await world.putUser({ userId: 'zoe', userName: 'Zo\u00eb' })
    const { token } = await issued({ userId: 'zoe', userName: 'Zoe\u0308' })
    for (const userName of ['Zo\u00eb', 'Zoe\u0308'])
      expect((await call(world, apply, applyParts(token, { userId: 'zoe', userName }))).status).toBe(200)
  })

  it('refuses while the directory cannot be asked, and lets in after', async () => {
    const { token } = await known('cut-off')
    const away = await world.fresh('applyToken', {
      env: { ...process.env, DIRECTORY_TABLE: 'no-such-table' },
    })
    const answer = await call(world, away, applyParts(token, { userId: 'cut-off', userName: 'Ann' }))
    expect([answer.status, answer.line.code]).toEqual([503, 'DIRECTORY_UNAVAILABLE'])
    expect(await verdict(token, 'cut-off')).toBe('CHAT_TOKEN_ISSUED')
  })
})

/** One fault each, over a true signature unless it says so. */
const WRONG_CLAIMS: readonly [string, string, () => Record<string, unknown>][] = [
  ['aud of the issuer alone', 'ACCESS_TOKEN_AUDIENCE_WRONG', () => ({ aud: ISSUER })],
  ['aud of another stage', 'ACCESS_TOKEN_AUDIENCE_WRONG', () => ({ aud: 'https://other.invalid/upstream' })],
  ['aud of an enterprise token', 'ACCESS_TOKEN_AUDIENCE_WRONG', () => ({ aud: `urn:cec:${TENANT}` })],
  ['aud as a list', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ aud: [`${ISSUER}/upstream`] })],
  ['no aud', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ aud: undefined })],
  ['wrong iss', 'ACCESS_TOKEN_ISSUER_WRONG', () => ({ iss: 'https://other.invalid' })],
  ['no iss', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ iss: undefined })],
  ['no sub', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ sub: undefined })],
  ['no name', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ name: undefined })],
  ['no tenantSpaceId', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ tenantSpaceId: undefined })],
  ['no scope', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ scope: undefined })],
  [
    'a scope that no page may have',
    'ACCESS_TOKEN_CLAIMS_INVALID',
    () => ({ scope: 'chat:relay users:write' }),
  ],
  ['scopes as a list', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ scope: ['chat:relay'] })],
  [
    'two blanks between scopes',
    'ACCESS_TOKEN_CLAIMS_INVALID',
    () => ({ scope: 'chat:relay  chat-token:issue' }),
  ],
  ['no client_id', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ client_id: undefined })],
  ['no jti', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ jti: undefined })],
  ['no ver', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ ver: undefined })],
  ['ver of another user epoch', 'ACCESS_TOKEN_REVOKED', () => ({ ver: '0.1' })],
  ['ver of another tenant epoch', 'ACCESS_TOKEN_REVOKED', () => ({ ver: '1.0' })],
  ['a user whom nobody knows', 'ACCESS_TOKEN_USER_UNKNOWN', () => ({ sub: 'nobody' })],
  ['an unknown claim', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ admin: true })],
  ['no exp', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ exp: undefined })],
  ['exp before iat', 'ACCESS_TOKEN_CLAIMS_INVALID', () => ({ iat: now(), exp: now() - 1 })],
  ['a life of 901 seconds', 'ACCESS_TOKEN_LIFETIME_TOO_LONG', () => ({ iat: now(), exp: now() + 901 })],
  ['iat a minute ahead', 'ACCESS_TOKEN_ISSUED_AHEAD', () => ({ iat: now() + 60, exp: now() + 360 })],
  ['expired', 'ACCESS_TOKEN_EXPIRED', () => ({ iat: now() - 301, exp: now() - 1 })],
]

const WRONG_TOKENS: readonly [string, string, () => string][] = [
  ...WRONG_CLAIMS.flatMap(([fault, code, changes]): [string, string, () => string][] => [
    [`${fault}, true key`, code, () => minted(changes())],
    [
      `${fault}, foreign key`,
      'ACCESS_TOKEN_SIGNATURE_INVALID',
      () => mint(accessHeader(minting.kid), accessClaims(changes()), minting.foreignKey),
    ],
  ]),
  ...WRONG_HEADERS.map(([fault, changes]): [string, string, () => string] => [
    fault,
    'ACCESS_TOKEN_HEADER_UNKNOWN',
    () => mint(accessHeader(minting.kid, changes(minting)), accessClaims(), minting.trueKey),
  ]),
  [
    'typ of an enterprise token',
    'ACCESS_TOKEN_HEADER_UNKNOWN',
    () => mint(header(minting.kid), accessClaims(), minting.trueKey),
  ],
  [
    'an enterprise token',
    'ACCESS_TOKEN_HEADER_UNKNOWN',
    () => mint(header(minting.kid), claims(), minting.trueKey),
  ],
  ['a good one with padding', 'CALLER_MALFORMED', () => `${minted()}==`],
  ['a good one with a fourth part', 'CALLER_MALFORMED', () => `${minted()}.e30`],
  ['a good one without its signature', 'CALLER_MALFORMED', () => minted().replace(/[^.]*$/, '')],
  ['a good one behind another scheme', 'CALLER_MALFORMED', () => `DPoP ${minted()}`],
  ['one of 8,193 characters', 'CALLER_TOO_LARGE', () => 'A'.repeat(8193)],
  ['one with too much in it', 'ACCESS_TOKEN_TOO_LARGE', () => minted({ pad: 'A'.repeat(2900) })],
  [
    'a signature of another length',
    'ACCESS_TOKEN_MALFORMED',
    () => minted().replace(/[^.]*$/, Buffer.alloc(70, 1).toString('base64url')),
  ],
  [
    'claims that are no JSON, of no issuer that one could read',
    'ACCESS_TOKEN_CLAIMS_INVALID',
    () => mint(accessHeader(minting.kid), '{"iss":', minting.trueKey),
  ],
  [
    'neither our header nor an issuer',
    'CALLER_KIND_REFUSED',
    () => mint({ alg: 'ES256' }, {}, minting.trueKey),
  ],
  [
    'an issuer that is not listed',
    'OIDC_ISSUER_UNKNOWN',
    () => mint({ alg: 'ES256', kid: '1' }, { iss: 'https://idp.invalid' }, minting.trueKey),
  ],
]

describe('a spoilt access token', () => {
  it.each(WRONG_TOKENS)('is answered with one generic 401 for %s', async (_, code, token) => {
    const { status, body, headers, line } = await call(world, apply, applyParts(token()))
    expect([status, body]).toEqual([
      401,
      { errorCode: '990004010', exceptionInfo: 'expected a valid credential' },
    ])
    expect([headers['www-authenticate'], line.code]).toEqual(['Bearer', code])
  })

  it('has a twin without a fault that is good', async () => {
    expect((await call(world, apply, applyParts(minted()))).status).toBe(200)
  })

  it('opens neither itself nor the validate route', async () => {
    const token = minted()
    const atIssue = await call(world, issue, {
      headers: { authorization: `Bearer ${token}` },
      body: { ...USER, tenantSpaceId: TENANT, scopes: ['chat:relay'] },
    })
    expect([atIssue.status, atIssue.line.code]).toEqual([401, 'OIDC_ISSUER_UNKNOWN'])
    const question = { Token: token, ...USER, tenantSpaceId: TENANT }
    const atValidate = await call(world, validate, { body: question })
    expect([atValidate.body.retCode, atValidate.line.code]).toEqual([2, 'TOKEN_HEADER_UNKNOWN'])
  })

  it('is no oracle for the ring: a retired key is a 401 like any other', async () => {
    const later = await world.fresh('applyToken', {
      env: { ...process.env, SECRETS_PREFIX: 'cec-token-bridge/retired' },
    })
    const { jwks } = world.ring
    world.secretsManager.put('cec-token-bridge/retired/jwks', {
      keys: jwks.keys.map((key) => ({ ...key, verifyUntil: now() - 1 })),
    })
    const { status, line } = await call(world, later, applyParts(minted()))
    expect([status, line.code]).toEqual([401, 'ACCESS_TOKEN_KEY_RETIRED'])
  })
})
