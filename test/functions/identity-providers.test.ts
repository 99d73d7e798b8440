import { describe, expect, it } from 'vitest'
import { derivedUserId } from '../../lib/schemas/user-id-form.ts'
import { BACK_END, USER_AUDIENCE } from '../support/identity-provider.ts'
import {
  backEnds,
  bearer,
  claims,
  codeOf,
  fresh,
  head,
  idp,
  job,
  list,
  PAGE,
  parts,
  signed,
  tom,
  useOidcWorld,
  users,
  world,
} from '../support/oidc-world.ts'
import { call, TENANT, USER } from '../support/world.ts'

useOidcWorld()

const UUID = '2f4b5c0e-6d1a-4b7e-9c3f-8a1b2c3d4e5f'
const jwt = (changes: object = {}) => signed(head({ typ: 'JWT' }), claims({ azp: 'page', ...changes }))

describe('users and back ends of one issuer with one audience', () => {
  it('stand side by side: each token for what it is', async () => {
    list(users({ tokens: 'jwt' }), backEnds({ tokens: 'jwt', audience: USER_AUDIENCE }))
    expect(await codeOf('applyToken', jwt())).toBe('CHAT_TOKEN_ISSUED')
    const machine = jwt({ sub: BACK_END, azp: BACK_END, name: undefined })
    expect(await codeOf('putUser', machine)).toBe('USER_WRITTEN')
    // A user does not write users, and a machine that nobody lists is no user.
    expect(await codeOf('putUser', jwt())).toBe('CALLER_KIND_REFUSED')
    expect(await codeOf('applyToken', jwt({ sub: 'other', azp: 'other' }))).toBe('OIDC_NOT_A_USER')
  })
})

describe('a token that carries two listed audiences', () => {
  it('is taken, and the log tells how many it carries', async () => {
    list(users(), users({ callerId: 'more', audience: 'more' }))
    const both = signed(head(), claims({ aud: [USER_AUDIENCE, 'more'] }))
    const { line } = await call(world, await fresh('applyToken'), parts('applyToken', both))
    expect(line).toMatchObject({ code: 'CHAT_TOKEN_ISSUED', callerId: 'staff', audiences: 2 })
    const one = await call(world, await fresh('applyToken'), parts('applyToken', tom))
    expect(one.line).not.toHaveProperty('audiences')
    const none = signed(head(), claims({ aud: ['x', 'y'] }))
    expect(await codeOf('applyToken', none)).toBe('OIDC_AUDIENCE_WRONG')
  })
})

describe('the tenant of a body', () => {
  it('may be left out where the token stands for one, and be named', async () => {
    const issue = await fresh('issueEnterpriseToken')
    const { status, line } = await call(world, issue, { headers: { ...bearer(tom), ...PAGE }, body: {} })
    expect([status, line.tenantSpaceId, line.userId]).toEqual([201, TENANT, USER.userId])
    const unnamed = { tenantSpaceId: undefined }
    expect(await codeOf('issueEnterpriseToken', job, unnamed)).toBe('TOKEN_ISSUED')
    expect(await codeOf('issueAccessToken', job, unnamed)).toBe('ACCESS_TOKEN_ISSUED')
    expect(await codeOf('putUser', job, unnamed)).toBe('USER_WRITTEN')
    expect(await codeOf('revokeEnterpriseTokens', job, unnamed)).toBe('TOKENS_REVOKED')
    expect(await codeOf('putUser', job, { tenantSpaceId: '202007159032' })).toBe('TENANT_FORBIDDEN')
  })

  it('may not be left out with a caller key', async () => {
    const { status, body, line } = await call(
      world,
      await fresh('issueEnterpriseToken'),
      parts('issueEnterpriseToken', world.callerKey, { tenantSpaceId: undefined }),
    )
    expect([status, body.message, line.field]).toEqual([
      400,
      'tenantSpaceId: expected a string',
      'tenantSpaceId',
    ])
    expect(await codeOf('issueEnterpriseToken', world.callerKey)).toBe('TOKEN_ISSUED')
  })
})

describe('an id that is too long', () => {
  const derived = () => derivedUserId(idp.issuer, UUID)
  const token = () => jwt({ sub: UUID })

  it('is derived, and is the same everywhere: enterprise token, directory, applyToken, chat', async () => {
    list(users({ tokens: 'jwt', userIdForm: 'sha256-24' }), backEnds())
    const asUser = { userId: derived(), userName: USER.userName }
    const issue = await fresh('issueEnterpriseToken')
    expect((await call(world, issue, { headers: bearer(token()), body: {} })).line.code).toBe('USER_UNKNOWN')
    expect(await codeOf('putUser', job, asUser)).toBe('USER_WRITTEN')
    const { body } = await call(world, issue, { headers: bearer(token()), body: {} })
    expect(body.thirdUserData.thirdUserId).toBe(derived())
    expect(await codeOf('applyToken', token(), asUser)).toBe('CHAT_TOKEN_ISSUED')
    expect(await codeOf('applyToken', token(), { userName: USER.userName })).toBe('USER_FORBIDDEN')
    expect(await codeOf('chatRelay', token(), { from: derived() })).toBe('CHAT_TOKEN_REFUSED')
    expect(await codeOf('revokeEnterpriseTokens', job, { jti: undefined, userId: derived() })).toBe(
      'TOKENS_REVOKED',
    )
    expect(await codeOf('putUser', job, { ...asUser, status: 'disabled' })).toBe('USER_WRITTEN')
    expect(await codeOf('applyToken', token(), asUser)).toBe('OIDC_USER_INACTIVE')
  })

  it('is refused as it stands', async () => {
    list(users({ tokens: 'jwt' }))
    expect(await codeOf('applyToken', token(), { userId: UUID.slice(0, 32) })).toBe('OIDC_USER_INVALID')
  })

  const LONG = 'auth0|5f7c8ec7c33c6c004bbafe82'
  const asked = async (scopes: readonly string[], userId: string) => {
    list(users({ scopes }), backEnds())
    const credential = signed(head(), claims({ sub: userId }))
    return call(world, await fresh('applyToken'), parts('applyToken', credential, { userId }))
  }

  it('is told at applyToken to a user who may chat, and not at the first message', async () => {
    const { status, body, line } = await asked(['chat-token:issue', 'chat:relay'], LONG)
    expect([status, body, line.code, line.field]).toEqual([
      400,
      { errorCode: '990004000', exceptionInfo: 'userId: expected 1 to 24 characters of a user who may chat' },
      'BODY_INVALID',
      'userId',
    ])
    expect((await asked(['chat-token:issue', 'chat:relay'], LONG.slice(0, 24))).status).toBe(200)
    // Who may not chat here needs no id that the chat takes.
    expect((await asked(['chat-token:issue'], LONG)).line).toMatchObject({
      code: 'CHAT_TOKEN_ISSUED',
      isUserIdLongForChat: true,
    })
  })

  it('is told when an access token for the chat is asked for', async () => {
    list(users(), backEnds())
    const user = { userId: LONG, userName: 'Ann' }
    await world.putUser(user)
    const body = (scopes: readonly string[]) => parts('issueAccessToken', job, { ...user, scopes })
    const issue = await fresh('issueAccessToken')
    const refused = await call(world, issue, body(['chat-token:issue', 'chat:relay']))
    expect([refused.status, refused.body.message]).toEqual([
      400,
      'userId: expected 1 to 24 characters of a user who may chat',
    ])
    expect((await call(world, issue, body(['chat-token:issue']))).status).toBe(201)
    // CEC's own question knows ids of 32 characters.
    expect(await codeOf('issueEnterpriseToken', job, user)).toBe('TOKEN_ISSUED')
  })
})

describe('a token without a name', () => {
  const nameless = (changes: object = {}) => signed(head(), claims({ name: undefined, ...changes }))
  const asDirectory = () => list(users({ nameFrom: 'directory' }), backEnds())

  it('is refused where the entry does not say that the directory names its user', async () => {
    expect(await codeOf('applyToken', nameless())).toBe('OIDC_USER_INVALID')
    asDirectory()
    expect(await codeOf('applyToken', nameless())).toBe('CHAT_TOKEN_ISSUED')
  })

  it('has the directory’s current name, on every route', async () => {
    asDirectory()
    const user = { userId: 'ann.1', userName: 'Ann' }
    await world.putUser(user)
    const token = nameless({ sub: user.userId })
    const issue = await fresh('issueEnterpriseToken')
    const named = async () =>
      (await call(world, issue, { headers: bearer(token), body: {} })).body.thirdUserData.thirdUserName
    expect(await named()).toBe('Ann')
    await world.putUser({ ...user, userName: 'Anna' })
    expect(await named()).toBe('Anna')
    expect(await codeOf('applyToken', token, { ...user, userName: 'Anna' })).toBe('CHAT_TOKEN_ISSUED')
    expect(await codeOf('applyToken', token, user)).toBe('USER_FORBIDDEN')
    expect(await codeOf('issueEnterpriseToken', token, user)).toBe('USER_FORBIDDEN')
  })

  it('is none of a user whom the directory does not know, or shuts out', async () => {
    asDirectory()
    const token = nameless({ sub: 'unheard-of' })
    const user = { userId: 'unheard-of', userName: 'Tom' }
    for (const name of ['applyToken', 'issueEnterpriseToken'] as const)
      expect(await codeOf(name, token, user)).toBe('OIDC_USER_UNKNOWN')
    await world.putUser({ ...user, status: 'disabled' })
    expect(await codeOf('applyToken', token, user)).toBe('OIDC_USER_INACTIVE')
    expect(await codeOf('issueEnterpriseToken', token, user)).toBe('USER_DISABLED')
  })
})

describe('a provider that is set up wrongly', () => {
  const discovery = (changes: object) =>
    idp.instead.set('/.well-known/openid-configuration', (response) =>
      response.end(JSON.stringify({ issuer: idp.issuer, jwks_uri: `${idp.issuer}/jwks`, ...changes })),
    )

  it.each([
    ['another issuer', () => ({ issuer: `${idp.issuer}/` })],
    ['keys on another origin', () => ({ jwks_uri: 'https://keys.example.com/jwks' })],
  ])('is told apart from one that is away: %s', async (_, changes) => {
    discovery(changes())
    const { status, body, line } = await call(world, await fresh('applyToken'), parts('applyToken', tom))
    expect([status, body.errorCode, line.level, line.code]).toEqual([
      500,
      '990005000',
      'ERROR',
      'OIDC_PROVIDER_MISCONFIGURED',
    ])
    expect(body.exceptionInfo).not.toContain('later')
    discovery({})
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is right again with the exact address of its keys, and asked no more', async () => {
    discovery({ issuer: 'https://other.example.com' })
    list(users({ jwksUri: `${idp.issuer}/jwks` }))
    idp.requests.length = 0
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
    expect(idp.requests).toEqual(['/jwks'])
  })
})

describe('a wrong entry of the callers secret', () => {
  it('shuts out nobody else: a line names its path, its reason and a metric', async () => {
    list(
      users(),
      { ...backEnds(), callerId: 'staff' },
      users({ callerId: 'broken', audience: 'b', tenant: '*' }),
    )
    world.lines.length = 0
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
    expect(await codeOf('issueEnterpriseToken', world.callerKey)).toBe('TOKEN_ISSUED')
    expect(await codeOf('putUser', job)).toBe('OIDC_AUDIENCE_WRONG')
    const lines = world.lines.filter(({ code }) => code === 'CALLERS_ENTRY_LEFT_OUT')
    // Once for each sandbox.
    expect(lines).toHaveLength(2 * 3)
    expect(lines.slice(0, 2)).toMatchObject([
      {
        level: 'ERROR',
        CallersLeftOut: 1,
        field: 'issuers.1.callerId',
        expected: 'expected a callerId that no entry before has',
      },
      { field: 'issuers.2.tenant', expected: 'expected 1 to 64 letters, digits, underscores or hyphens' },
    ])
    list(users(), backEnds())
    expect(await codeOf('putUser', job)).toBe('USER_WRITTEN')
  })

  it.each([
    ['with another fault', { tenant: '*' }],
    ['with its list misspelled', { subjects: undefined, subject: BACK_END }],
    ['with an invisible character in its list', { subjects: [`${BACK_END}\u200b`] }],
    ['of a misspelled issuer', { issuer: 'no-url' }],
  ])('makes no user of a back end that it lists: %s', async (_, fault) => {
    const asUser = () => signed(head(), claims({ sub: BACK_END }))
    list(users(), backEnds({ audience: 'b', ...fault }))
    expect(await codeOf('applyToken', asUser())).toBe('OIDC_NOT_A_USER')
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
    // Where nothing lists it, a token like this one is a user's.
    list(users(), backEnds({ audience: 'b', subjects: ['another'] }))
    expect(await codeOf('applyToken', asUser(), { userId: BACK_END })).toBe('CHAT_TOKEN_ISSUED')
  })
})
