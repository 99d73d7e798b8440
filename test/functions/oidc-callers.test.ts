import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { secret } from '../support/canary.ts'
import { DESCRIPTORS, kindsOf } from '../support/descriptors.ts'
import { USER_AUDIENCE } from '../support/identity-provider.ts'
import {
  backEnds,
  bearer,
  codeOf,
  fresh,
  idp,
  job,
  list,
  type Name,
  PAGE,
  parts,
  tom,
  useOidcWorld,
  users,
  world,
} from '../support/oidc-world.ts'
import { call, TENANT, USER } from '../support/world.ts'

useOidcWorld()

describe('which credential each route takes', () => {
  const good = { users: () => tom, backEnds: () => job }
  const [YES, NO] = ['admitted', 'CALLER_KIND_REFUSED']
  const ROUTES: [Name, user: string, backEnd: string][] = [
    ['issueEnterpriseToken', YES, YES],
    ['applyToken', YES, YES],
    ['chatRelay', YES, YES],
    ['chatCalls', YES, YES],
    ['uploadFileStream', YES, YES],
    ['downloadFileStream', YES, YES],
    ['liveMessageToken', YES, YES],
    ['liveImToken', YES, YES],
    ['auiLiveToken', YES, YES],
    ['liveRtcToken', NO, YES],
    ['auiRtcToken', NO, YES],
    ['issueAgentToken', NO, YES],
    ['issueAccessToken', NO, YES],
    ['revokeEnterpriseTokens', NO, YES],
    ['putUser', NO, YES],
    ['batchUsers', NO, YES],
    ['queryUsers', NO, YES],
    ['listUsers', NO, YES],
    ['appCubeToken', NO, YES],
    ['oiapThirdPartyToken', NO, YES],
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
    ['chatCalls', 'from'],
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
    ['a list of two', { org: ['acme', 'other org'] }],
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
