import { createPublicKey } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import type { Runtime } from '../../lib/start/runtime.ts'
import { secret } from '../support/canary.ts'
import { DESCRIPTORS, kindsOf } from '../support/descriptors.ts'
import {
  BACK_END,
  BACK_END_AUDIENCE,
  CLIENT,
  type IdentityProvider,
  startIdentityProvider,
  USER_AUDIENCE,
} from '../support/identity-provider.ts'
import { foreignKey, mint, mintHs256, mintRsa } from '../support/mint.ts'
import { GOOD_BODIES, message, startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { call, callersSecret, PREFIX, type RequestParts, TENANT, USER } from '../support/world.ts'

let world: VendorWorld
let idp: IdentityProvider
let tom: string
let job: string

const USER_SCOPES = ['enterprise-token:issue', 'chat-token:issue', 'chat:relay', 'live-token:issue']
const users = (changes: object = {}) => ({
  callerId: 'staff',
  kind: 'user',
  issuer: idp.issuer,
  audience: USER_AUDIENCE,
  tenant: TENANT,
  scopes: USER_SCOPES,
  ...changes,
})
const backEnds = (changes: object = {}) => ({
  callerId: 'jobs',
  kind: 'back-end',
  issuer: idp.issuer,
  audience: BACK_END_AUDIENCE,
  tenant: TENANT,
  subjects: [BACK_END],
  scopes: [
    ...USER_SCOPES,
    'enterprise-token:revoke',
    'users:write',
    'app-cube-token:issue',
    'access-token:issue',
  ],
  ...changes,
})
const list = (...issuers: object[]) =>
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: world.callerKey }], issuers),
  )

beforeAll(async () => {
  world = await startVendorWorld()
  idp = await startIdentityProvider()
  tom = (await idp.signIn(USER.userId, { name: USER.userName, org: 'acme' })).accessToken
  job = await idp.backEndToken()
})
afterAll(() => Promise.all([world.close(), idp.close()]))
beforeEach(() => {
  idp.instead.clear()
  list(users(), backEnds())
})

const MAKERS = {
  issueEnterpriseToken: () =>
    import('../../functions/issue-enterprise-token.ts').then((m) => m.issueEnterpriseToken),
  issueAccessToken: () => import('../../functions/issue-access-token.ts').then((m) => m.issueAccessToken),
  revokeEnterpriseTokens: () =>
    import('../../functions/revoke-enterprise-tokens.ts').then((m) => m.revokeEnterpriseTokens),
  putUser: () => import('../../functions/put-user.ts').then((m) => m.putUser),
  applyToken: () => import('../../functions/apply-token.ts').then((m) => m.applyToken),
  chatRelay: () => import('../../functions/chat-relay.ts').then((m) => m.chatRelay),
  liveMessageToken: () => import('../../functions/live-message-token.ts').then((m) => m.liveMessageToken),
  appCubeToken: () => import('../../functions/app-cube-token.ts').then((m) => m.appCubeToken),
}
type Name = keyof typeof MAKERS
/** A function as in a sandbox that has just started. */
const fresh = async (name: Name, changes: Partial<Runtime> = {}): Promise<HttpHandler> =>
  (await MAKERS[name]())(world.runtime(changes))

const BODIES: Record<Name, object> = {
  issueEnterpriseToken: { tenantSpaceId: TENANT, ...USER },
  issueAccessToken: { tenantSpaceId: TENANT, ...USER, scopes: ['chat:relay'] },
  revokeEnterpriseTokens: { tenantSpaceId: TENANT, jti: 'A'.repeat(22) },
  putUser: { tenantSpaceId: TENANT, ...USER, status: 'active' },
  applyToken: GOOD_BODIES.applyToken,
  chatRelay: message(),
  liveMessageToken: { ...GOOD_BODIES.liveMessageToken, UserId: USER.userId },
  appCubeToken: GOOD_BODIES.appCubeToken,
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const PAGE = { origin: 'https://www.example.com' }
const parts = (name: Name, token: string, changes: object = {}): RequestParts => ({
  headers: bearer(token),
  body: { ...BODIES[name], ...changes },
})
const codeOf = async (name: Name, token: string, changes: object = {}) =>
  (await call(world, await fresh(name), parts(name, token, changes))).line.code

describe('which credential each route takes', () => {
  const good = { users: () => tom, backEnds: () => job }
  const [YES, NO] = ['admitted', 'CALLER_KIND_REFUSED']
  const ROUTES: [Name, user: string, backEnd: string][] = [
    ['issueEnterpriseToken', YES, YES],
    ['applyToken', YES, YES],
    ['chatRelay', YES, YES],
    ['liveMessageToken', YES, YES],
    ['issueAccessToken', NO, YES],
    ['revokeEnterpriseTokens', NO, YES],
    ['putUser', NO, YES],
    ['appCubeToken', NO, YES],
  ]

  it('is asked of every route that knows its callers, as its descriptor says', () => {
    const verdict = (takes: boolean) => (takes ? YES : NO)
    expect([...ROUTES].sort()).toEqual(
      DESCRIPTORS.filter(({ access }) => access !== 'public')
        .map((route) => [
          route.name,
          verdict(kindsOf(route).includes('user')),
          verdict(kindsOf(route).includes('back-end')),
        ])
        .sort(),
    )
  })

  it.each(ROUTES)('%s: a user %s, a back end %s', async (name, user, backEnd) => {
    // every scope, so that the kind of credential alone decides
    list(users({ scopes: backEnds().scopes }), backEnds())
    const verdict = async (token: string) => {
      const { status, line } = await call(world, await fresh(name), parts(name, token))
      // without a chat token the relay refuses, after it has let the caller in
      return status < 300 || line.code === 'CHAT_TOKEN_REFUSED' ? YES : line.code
    }
    expect([await verdict(good.users()), await verdict(good.backEnds())]).toEqual([user, backEnd])
  })
})

describe('a user with a token of the identity provider', () => {
  it('gets an enterprise token without naming itself, and it is good', async () => {
    const issue = await fresh('issueEnterpriseToken')
    const answer = await call(world, issue, {
      headers: { ...bearer(tom), ...PAGE },
      body: { tenantSpaceId: TENANT },
    })
    expect(answer.status).toBe(201)
    expect(answer.line).toMatchObject({ code: 'TOKEN_ISSUED', callerId: 'staff', tenantSpaceId: TENANT })
    const { thirdUserToken: Token, thirdUserId: userId, thirdUserName: userName } = answer.body.thirdUserData
    expect([userId, userName]).toEqual(['10010001', 'Tom'])
    const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
    const verdict = await call(world, validateEnterpriseToken(world.runtime()), {
      body: { Token, userId, userName, tenantSpaceId: TENANT },
    })
    expect(verdict.body.retCode).toBe(0)
  })

  it.each([
    ['itself', {}, 'TOKEN_ISSUED', undefined],
    ['another userId', { userId: '10010002' }, 'USER_FORBIDDEN', 'userId'],
    ['another userName', { userName: 'Tim' }, 'USER_FORBIDDEN', 'userName'],
    ['another tenant', { tenantSpaceId: '202007159032' }, 'TENANT_FORBIDDEN', 'tenantSpaceId'],
  ])('may name %s: %j is %s', async (_, changes, code, field) => {
    const { line } = await call(
      world,
      await fresh('issueEnterpriseToken'),
      parts('issueEnterpriseToken', tom, changes),
    )
    expect([line.code, line.field]).toEqual([code, field])
  })

  it.each([
    ['applyToken', 'userId'],
    ['applyToken', 'userName'],
    ['chatRelay', 'from'],
    ['liveMessageToken', 'UserId'],
  ] as const)('speaks at %s for nobody else: %s', async (name, field) => {
    const { status, line } = await call(world, await fresh(name), parts(name, tom, { [field]: 'other.1' }))
    expect([status, line.code, line.field]).toEqual([403, 'USER_FORBIDDEN', field])
  })

  it('may do no more than its issuer is granted', async () => {
    list(users({ scopes: ['live-token:issue'] }))
    expect(await codeOf('applyToken', tom)).toBe('SCOPE_MISSING')
    expect(await codeOf('liveMessageToken', tom)).toBe('LIVE_TOKEN_ISSUED')
  })

  it('stays out of the vendors’ routes when the directory shuts it out, and may be unknown there', async () => {
    const { accessToken: ann } = await idp.signIn('ann', { name: 'Ann' })
    const asAnn = { userId: 'ann', userName: 'Ann' }
    expect(await codeOf('applyToken', ann, asAnn)).toBe('CHAT_TOKEN_ISSUED')
    await world.putUser({ ...asAnn, status: 'disabled' })
    const { line } = await call(world, await fresh('applyToken'), parts('applyToken', ann, asAnn))
    expect(line).toMatchObject({ code: 'OIDC_USER_INACTIVE', callerId: 'staff', userId: 'ann' })
    await world.putUser(asAnn)
    expect(await codeOf('applyToken', ann, asAnn)).toBe('CHAT_TOKEN_ISSUED')
  })

  it.each([
    ['a sub of 33 characters', 'a'.repeat(33), { name: 'Tom' }, {}, 'sub'],
    ['a sub with a blank behind', 'tom ', { name: 'Tom' }, {}, 'sub'],
    ['a sub that is not NFC', 'zoe\u0308', { name: 'Tom' }, {}, 'sub'],
    ['no name', 'tom', {}, {}, 'name'],
    ['a name of 257 characters', 'tom', { name: 'T'.repeat(257) }, {}, 'name'],
    ['a name with a zero-width blank', 'tom', { name: 'To\u200bm' }, {}, 'name'],
    ['a name as an object', 'tom', { name: { first: 'Tom' } }, {}, 'name'],
    ['no configured user claim', 'tom', { name: 'Tom' }, { userClaim: 'employee' }, 'employee'],
    ['a user claim of every object', 'tom', { name: 'Tom' }, { userClaim: 'toString' }, 'toString'],
    ['no configured name claim', 'tom', { name: 'Tom' }, { userNameClaim: 'nick' }, 'nick'],
  ])('is refused with %s', async (_, accountId, claims, entry, field) => {
    list(users(entry))
    const { accessToken } = await idp.signIn(accountId, claims)
    const { status, line } = await call(world, await fresh('applyToken'), parts('applyToken', accessToken))
    expect([status, line.code, line.field]).toEqual([401, 'OIDC_USER_INVALID', field])
  })

  it('may be told by other claims', async () => {
    list(users({ userClaim: 'employee', userNameClaim: 'nick' }))
    const { accessToken } = await idp.signIn('e30a1d', { employee: USER.userId, nick: USER.userName })
    expect(await codeOf('applyToken', accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })
})

describe('the tenant of a token', () => {
  const mapped = {
    tenant: undefined,
    tenantClaim: 'org',
    tenants: { acme: TENANT, 'other org': '202007159032' },
  }

  it('is the one that a listed value of the configured claim stands for', async () => {
    list(users(mapped))
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
    const { accessToken } = await idp.signIn(USER.userId, { name: USER.userName, org: 'other org' })
    expect(await codeOf('applyToken', accessToken)).toBe('TENANT_WITHOUT_SYSTEM')
  })

  it.each([
    ['another value', { org: 'Acme' }],
    ['the tenant itself', { org: TENANT }],
    ['a member of every object', { org: 'constructor' }],
    ['a list', { org: ['acme'] }],
    ['no value', {}],
  ])('is refused with %s', async (_, claims) => {
    list(users(mapped))
    const { accessToken } = await idp.signIn(USER.userId, { name: USER.userName, ...claims })
    const { status, line } = await call(world, await fresh('applyToken'), parts('applyToken', accessToken))
    expect([status, line.code, line.field]).toEqual([401, 'OIDC_TENANT_UNKNOWN', 'org'])
  })
})

describe('a back end with a token of the identity provider', () => {
  it('names the users that it speaks for', async () => {
    expect(await codeOf('issueEnterpriseToken', job)).toBe('TOKEN_ISSUED')
    const nobody = { userId: undefined, userName: undefined }
    expect(await codeOf('issueEnterpriseToken', job, nobody)).toBe('BODY_INVALID')
  })

  it('is no place for a browser', async () => {
    const { headers, ...rest } = parts('applyToken', job)
    const answer = await call(world, await fresh('applyToken'), { ...rest, headers: { ...headers, ...PAGE } })
    expect([answer.status, answer.line.code]).toEqual([401, 'CALLER_FROM_BROWSER'])
  })

  it('must be listed by its sub: no user’s token is one, whatever its audience', async () => {
    list(backEnds({ subjects: ['another-job'] }))
    expect(await codeOf('putUser', job)).toBe('OIDC_SUBJECT_UNKNOWN')
    list(backEnds({ audience: USER_AUDIENCE }))
    expect(await codeOf('putUser', tom)).toBe('OIDC_SUBJECT_UNKNOWN')
  })

  it('asks for access tokens that end with its own', async () => {
    const exp = Number(JSON.parse(Buffer.from(job.split('.')[1] ?? '', 'base64url').toString()).exp)
    const now = () => new Date((exp - 77) * 1000)
    const { body } = await call(
      world,
      await fresh('issueAccessToken', { now }),
      parts('issueAccessToken', job),
    )
    expect([body.expiresIn, body.expiresAt]).toEqual([77, new Date(exp * 1000).toISOString()])
    secret('access token', body.accessToken)
    const parted = {
      ...parts('chatRelay', body.accessToken),
      headers: { ...bearer(body.accessToken), ...PAGE },
    }
    const { line } = await call(world, await fresh('chatRelay', { now }), parted)
    expect(line).toMatchObject({ code: 'CHAT_TOKEN_REFUSED', callerId: 'jobs' })
  })
})

describe('an ID token', () => {
  const accepting = (clientIds = [CLIENT]) => users({ audience: CLIENT, acceptIdTokens: true, clientIds })
  let idToken: string
  beforeAll(async () => {
    idToken = (await idp.signIn(USER.userId, { name: USER.userName })).idToken
  })

  it('is refused where its issuer’s entry does not say that it may', async () => {
    expect(await codeOf('applyToken', idToken)).toBe('OIDC_AUDIENCE_WRONG')
    list(users({ audience: CLIENT }))
    expect(await codeOf('applyToken', idToken)).toBe('OIDC_TYPE_REFUSED')
    list(backEnds({ audience: CLIENT }))
    expect(await codeOf('putUser', idToken)).toBe('OIDC_TYPE_REFUSED')
  })

  it('is taken where it does, of a configured client', async () => {
    list(accepting())
    expect(await codeOf('applyToken', idToken)).toBe('CHAT_TOKEN_ISSUED')
    list(accepting(['another-site']))
    expect(await codeOf('applyToken', idToken)).toBe('OIDC_CLIENT_UNKNOWN')
  })

  it.each([
    ['no azp', { azp: undefined }, 'OIDC_CLIENT_UNKNOWN'],
    ['an empty azp', { azp: '' }, 'OIDC_CLIENT_UNKNOWN'],
    ['another azp among several audiences', { aud: [CLIENT, 'x'], azp: 'x' }, 'OIDC_CLIENT_UNKNOWN'],
    ['its azp among several audiences', { aud: [CLIENT, 'x'], azp: CLIENT }, 'CHAT_TOKEN_ISSUED'],
  ])('with %s is %j: %s', async (_, changes, code) => {
    list(accepting())
    const { kid, key } = idp.ecKey
    const token = mint({ alg: 'ES256', kid }, { ...claims({ aud: CLIENT, azp: CLIENT }), ...changes }, key)
    expect(await codeOf('applyToken', token)).toBe(code)
  })
})

const seconds = () => Math.floor(Date.now() / 1000)
/** What the provider writes into a user's access token. */
const claims = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  const iat = seconds()
  const all = {
    iss: idp.issuer,
    aud: USER_AUDIENCE,
    sub: USER.userId,
    name: USER.userName,
    iat,
    exp: iat + 600,
  }
  return Object.fromEntries(Object.entries({ ...all, ...changes }).filter(([, value]) => value !== undefined))
}
const head = (changes: Record<string, unknown> = {}) => ({
  alg: 'ES256',
  typ: 'at+jwt',
  kid: idp.ecKey.kid,
  ...changes,
})
/** By the provider's own key. */
const signed = (header: Record<string, unknown>, payload: Record<string, unknown> | string) =>
  mint(header, payload, idp.ecKey.key)
const ecJwk = () => createPublicKey(idp.ecKey.key).export({ format: 'jwk' })

const WRONG_CLAIMS: readonly [string, string, () => Record<string, unknown>][] = [
  ['another aud', 'OIDC_AUDIENCE_WRONG', () => ({ aud: `${USER_AUDIENCE}/` })],
  ['a list without our aud', 'OIDC_AUDIENCE_WRONG', () => ({ aud: ['https://other.invalid'] })],
  ['both of our audiences', 'OIDC_AUDIENCE_WRONG', () => ({ aud: [USER_AUDIENCE, BACK_END_AUDIENCE] })],
  ['no aud', 'OIDC_CLAIMS_INVALID', () => ({ aud: undefined })],
  ['an empty aud', 'OIDC_CLAIMS_INVALID', () => ({ aud: [] })],
  ['aud as an object', 'OIDC_CLAIMS_INVALID', () => ({ aud: { [USER_AUDIENCE]: true } })],
  ['no sub', 'OIDC_CLAIMS_INVALID', () => ({ sub: undefined })],
  ['sub as a number', 'OIDC_CLAIMS_INVALID', () => ({ sub: 10010001 })],
  ['no exp', 'OIDC_CLAIMS_INVALID', () => ({ exp: undefined })],
  ['exp as text', 'OIDC_CLAIMS_INVALID', () => ({ exp: String(seconds() + 600) })],
  ['exp beyond all dates', 'OIDC_CLAIMS_INVALID', () => ({ exp: 1e300 })],
  ['no iat', 'OIDC_CLAIMS_INVALID', () => ({ iat: undefined })],
  ['a key that its holder must prove (cnf)', 'OIDC_CLAIMS_INVALID', () => ({ cnf: { jkt: 'x' } })],
  ['expired', 'OIDC_EXPIRED', () => ({ exp: seconds() - 1 })],
  ['iat a minute ahead', 'OIDC_ISSUED_AHEAD', () => ({ iat: seconds() + 60 })],
  ['nbf a minute ahead', 'OIDC_NOT_YET_VALID', () => ({ nbf: seconds() + 60 })],
]

const WRONG_TOKENS: readonly [string, string, () => string][] = [
  ...WRONG_CLAIMS.flatMap(([fault, code, changes]): [string, string, () => string][] => [
    [`${fault}, true key`, code, () => signed(head(), claims(changes()))],
    [`${fault}, foreign key`, 'OIDC_SIGNATURE_INVALID', () => mint(head(), claims(changes()), foreignKey())],
  ]),
  ['iss with a slash more', 'OIDC_ISSUER_UNKNOWN', () => signed(head(), claims({ iss: `${idp.issuer}/` }))],
  [
    'iss in other case',
    'OIDC_ISSUER_UNKNOWN',
    () => signed(head(), claims({ iss: idp.issuer.toUpperCase() })),
  ],
  ['iss of nobody', 'OIDC_ISSUER_UNKNOWN', () => signed(head(), claims({ iss: 'https://idp.invalid' }))],
  ['iss as a list', 'CALLER_KIND_REFUSED', () => signed(head(), claims({ iss: [idp.issuer] }))],
  ['no iss', 'CALLER_KIND_REFUSED', () => signed(head(), claims({ iss: undefined }))],
  ['claims that are no JSON', 'CALLER_KIND_REFUSED', () => signed(head(), '{"iss":')],
  ['typ JWT', 'OIDC_TYPE_REFUSED', () => signed(head({ typ: 'JWT' }), claims())],
  ['no typ', 'OIDC_TYPE_REFUSED', () => signed(head({ typ: undefined }), claims())],
  [
    'typ of an enterprise token',
    'OIDC_TYPE_REFUSED',
    () => signed(head({ typ: 'cec-enterprise+jwt' }), claims()),
  ],
  ['typ of a logout token', 'OIDC_TYPE_REFUSED', () => signed(head({ typ: 'logout+jwt' }), claims())],
  ['alg none', 'OIDC_HEADER_INVALID', () => signed(head({ alg: 'none' }), claims())],
  [
    'HS256 keyed with the public key',
    'OIDC_HEADER_INVALID',
    () => mintHs256(head({ alg: 'HS256' }), claims(), String(ecJwk().x)),
  ],
  ['alg ES384', 'OIDC_HEADER_INVALID', () => signed(head({ alg: 'ES384' }), claims())],
  ['no alg', 'OIDC_HEADER_INVALID', () => signed(head({ alg: undefined }), claims())],
  ['no kid', 'OIDC_HEADER_INVALID', () => signed(head({ kid: undefined }), claims())],
  ['crit', 'OIDC_HEADER_INVALID', () => signed(head({ crit: ['exp'] }), claims())],
  ['b64 false', 'OIDC_HEADER_INVALID', () => signed(head({ b64: false }), claims())],
  ['jku', 'OIDC_HEADER_INVALID', () => signed(head({ jku: `${idp.issuer}/jwks` }), claims())],
  ['jwk', 'OIDC_HEADER_INVALID', () => signed(head({ jwk: ecJwk() }), claims())],
  ['x5u', 'OIDC_HEADER_INVALID', () => signed(head({ x5u: `${idp.issuer}/cert` }), claims())],
  ['an unknown kid', 'OIDC_KEY_UNKNOWN', () => signed(head({ kid: 'unknown' }), claims())],
  ['the kid of another key', 'OIDC_KEY_UNKNOWN', () => signed(head({ kid: idp.rsaKey.kid }), claims())],
  [
    'PS256 with a key for RS256',
    'OIDC_KEY_UNKNOWN',
    () => mintRsa(head({ alg: 'PS256', kid: idp.rsaKey.kid }), claims(), idp.rsaKey.key, true),
  ],
  ['padding', 'CALLER_MALFORMED', () => `${signed(head(), claims())}=`],
  ['two parts', 'CALLER_MALFORMED', () => signed(head(), claims()).replace(/\.[^.]*$/, '')],
  ['no signature', 'CALLER_MALFORMED', () => signed(head(), claims()).replace(/[^.]*$/, '')],
  ['more than 8 KiB', 'CALLER_MALFORMED', () => signed(head(), claims({ pad: 'A'.repeat(6_200) }))],
]

describe('a spoilt token of the identity provider', () => {
  it.each(WRONG_TOKENS)('is answered with one generic 401 for %s', async (_, code, token) => {
    const { status, body, line } = await call(world, await fresh('applyToken'), parts('applyToken', token()))
    expect([status, body, line.code]).toEqual([
      401,
      { errorCode: '990004010', exceptionInfo: 'expected a valid credential' },
      code,
    ])
  })

  it.each(WRONG_TOKENS)('is answered alike by a route of our own for %s', async (_, code, token) => {
    const { status, body, line } = await call(
      world,
      await fresh('issueEnterpriseToken'),
      parts('issueEnterpriseToken', token()),
    )
    expect([status, body, line.code]).toEqual([
      401,
      { code: 'UNAUTHENTICATED', message: 'expected a valid credential' },
      code,
    ])
  })

  it.each([
    ['without a fault', () => signed(head(), claims())],
    ['with its whole media type', () => signed(head({ typ: 'application/at+jwt' }), claims())],
    ['with our audience among others', () => signed(head(), claims({ aud: ['x', USER_AUDIENCE] }))],
    ['with a thumbprint of a certificate', () => signed(head({ x5t: 'x' }), claims())],
    [
      'by a clock that is 4 s ahead',
      () => signed(head(), claims({ iat: seconds() + 4, nbf: seconds() + 4 })),
    ],
    ['with claims of its own', () => signed(head(), claims({ scope: 'anything', roles: ['x'] }))],
    ['in RS256', () => mintRsa(head({ alg: 'RS256', kid: idp.rsaKey.kid }), claims(), idp.rsaKey.key, false)],
    ['with 6,000 bytes of claims', () => signed(head(), claims({ pad: 'A'.repeat(5_800) }))],
  ])('has a twin that is taken: %s', async (_, token) => {
    expect(await codeOf('applyToken', token())).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is taken in PS256 by a key that names no algorithm', async () => {
    const jwk = { ...createPublicKey(idp.rsaKey.key).export({ format: 'jwk' }), kid: 'any' }
    idp.instead.set('/jwks', (response) => response.end(JSON.stringify({ keys: [jwk] })))
    const token = mintRsa(head({ alg: 'PS256', kid: 'any' }), claims(), idp.rsaKey.key, true)
    expect(await codeOf('applyToken', token)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('ends at exp, to the second', async () => {
    const exp = seconds() + 600
    const token = signed(head(), claims({ exp }))
    const at = async (ms: number) => {
      const handler = await fresh('applyToken', { now: () => new Date(ms) })
      return (await call(world, handler, parts('applyToken', token))).line.code
    }
    expect(await at(exp * 1000 - 1)).toBe('CHAT_TOKEN_ISSUED')
    expect(await at(exp * 1000)).toBe('OIDC_EXPIRED')
  })
})

describe('an identity provider that cannot be asked', () => {
  const of = (reason: string) => `${new URL(idp.issuer).host}: ${reason}`

  it('makes 503, and no refusal', async () => {
    idp.instead.set('/jwks', (response: ServerResponse) => response.writeHead(404).end())
    const { status, body, line } = await call(world, await fresh('applyToken'), parts('applyToken', tom))
    expect([status, body.errorCode]).toEqual([503, '990005030'])
    expect(line).toMatchObject({ level: 'ERROR', code: 'OIDC_KEYS_UNAVAILABLE', reason: of('status 404') })
  })

  it('is not asked by plain http, or on this machine, in a deployment', async () => {
    const env = { ...process.env, ALLOW_LOOPBACK_HTTP: 'false' }
    idp.requests.length = 0
    const { status, line } = await call(
      world,
      await fresh('issueEnterpriseToken', { env }),
      parts('issueEnterpriseToken', tom),
    )
    expect([status, line.code, line.reason]).toEqual([
      503,
      'OIDC_KEYS_UNAVAILABLE',
      of('UPSTREAM_ADDRESS_REFUSED'),
    ])
    expect(idp.requests).toEqual([])
  })

  it('is not asked because of a token whose issuer is not listed', async () => {
    list()
    idp.requests.length = 0
    expect(await codeOf('applyToken', tom)).toBe('OIDC_ISSUER_UNKNOWN')
    expect(idp.requests).toEqual([])
  })
})
