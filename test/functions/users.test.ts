import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import {
  call,
  callersSecret,
  newCallerKey,
  PREFIX,
  startWorld,
  TENANT,
  type World,
} from '../support/world.ts'

const OTHER = '202007159032'
const key = newCallerKey('operator key')
let world: World
let handlers: Record<'batch' | 'query' | 'list' | 'issue' | 'validate', HttpHandler>

beforeAll(async () => {
  world = await startWorld()
  const scopes = ['users:write', 'users:read', 'enterprise-token:issue']
  const callers = [
    { callerId: 'shop', key: world.callerKey },
    { callerId: 'operator', key, scopes, tenants: [TENANT, OTHER] },
  ]
  world.secretsManager.put(`${PREFIX}/callers`, callersSecret(callers))
  const runtime = world.runtime()
  handlers = {
    batch: (await import('../../functions/batch-users.ts')).batchUsers(runtime),
    query: (await import('../../functions/query-users.ts')).queryUsers(runtime),
    list: (await import('../../functions/list-users.ts')).listUsers(runtime),
    issue: (await import('../../functions/issue-enterprise-token.ts')).issueEnterpriseToken(runtime),
    validate: (await import('../../functions/validate-enterprise-token.ts')).validateEnterpriseToken(runtime),
  }
})
afterAll(() => world.close())
beforeEach(() => {
  world.lines.length = 0
  world.dynamoDb.clearFaults()
})

const ask = (name: keyof typeof handlers, body: object, caller = key) =>
  call(world, handlers[name], {
    headers: { authorization: `Bearer ${caller}` },
    body: { tenantSpaceId: TENANT, ...body },
  })
const batch = (users: readonly unknown[], changes: object = {}) => ask('batch', { users, ...changes })
const ann = { userId: 'ann', userName: 'Ann', status: 'active' }
const bob = { userId: 'bob', userName: 'Bob', status: 'active' }
const all = (count: number, tenant = 'n') =>
  Array.from({ length: count }, (_, i) => ({
    userId: `${tenant}-${i}`,
    userName: `N ${i}`,
    status: 'active',
  }))

describe('POST /users/batch', () => {
  it('writes each user, answers in the order of the request, and may be repeated', async () => {
    const users = [ann, { userId: 'nobody', status: 'deleted' }, { ...bob, status: 'disabled' }]
    for (const _ of ['first', 'again']) {
      const { status, body, line } = await batch(users)
      expect([status, body]).toEqual([200, { users }])
      expect(line).toMatchObject({ code: 'USERS_WRITTEN', tenantSpaceId: TENANT, users: 3, usersFailed: 0 })
    }
    const shown = await ask('query', { userIds: ['ann', 'nobody', 'bob'] })
    expect(shown.body.users).toEqual([
      ann,
      { userId: 'nobody', status: 'unknown' },
      { ...bob, status: 'disabled' },
    ])
  })

  it('has an audit line for each user that it wrote, and none for another', async () => {
    await batch([ann, { ...bob, userName: '' }])
    const audited = world.lines.filter(({ code }) => code === 'USER_WRITTEN')
    expect(audited).toEqual([
      expect.objectContaining({
        audit: true,
        function: 'batchUsers',
        callerId: 'operator',
        tenantSpaceId: TENANT,
        userId: 'ann',
        userStatus: 'active',
        sourceIp: expect.any(String),
        requestId: expect.any(String),
      }),
    ])
    expect(JSON.stringify(world.lines)).not.toContain('Ann')
  })

  it('leaves a user as it is where nothing changes: its token stays good, and ends when it is deleted', async () => {
    await batch([ann])
    const { body } = await ask('issue', { userId: 'ann', userName: 'Ann' })
    const verdict = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      const question = { Token: body.token, userId: 'ann', userName: 'Ann', tenantSpaceId: TENANT }
      return (await call(world, handlers.validate, { body: question })).line.code
    }
    await batch([ann])
    expect(await verdict()).toBe('TOKEN_VALID')
    await batch([{ userId: 'ann', status: 'deleted' }])
    expect(await verdict()).toBe('TOKEN_USER_INACTIVE')
    await batch([ann])
    expect(await verdict()).toBe('TOKEN_REVOKED')
  })

  it.each([
    ['no object', 'ann', 'users.1', 'users.1: expected a JSON object'],
    ['no name', { userId: 'x', status: 'active' }, 'users.1.userName', 'userName: expected a string'],
    [
      'a name of a deleted user',
      { ...bob, status: 'deleted' },
      'users.1.userName',
      'userName: expected to be left out with status "deleted"',
    ],
    [
      'an unknown member',
      { ...bob, tenantSpaceId: OTHER },
      'users.1',
      'users.1: expected no members but the documented ones',
    ],
  ])('refuses an entry alone that is wrong: %s', async (_, entry, field, message) => {
    const { status, body, line } = await batch([ann, entry])
    expect([status, body.users]).toEqual([200, [ann, { code: 'BODY_INVALID', message, field }]])
    expect(line).toMatchObject({ users: 2, usersFailed: 1 })
    expect((await batch([ann, bob])).line).toMatchObject({ users: 2, usersFailed: 0 })
  })

  it('refuses the second entry of one user', async () => {
    const { body } = await batch([ann, { ...ann, userName: 'Anna' }])
    const told = { code: 'BODY_INVALID', message: 'userId: expected each user once', field: 'users.1.userId' }
    expect(body.users).toEqual([ann, { userId: 'ann', ...told }])
  })

  it('tells which users were not written, and when to send them again', async () => {
    world.dynamoDb.fail({ kind: 'throttle', action: 'UpdateItem', share: 1 })
    const failed = await batch([ann, bob])
    const told = { code: 'UNAVAILABLE', message: 'not possible at the moment, try again later' }
    expect(failed.body.users).toEqual([
      { userId: 'ann', ...told },
      { userId: 'bob', ...told },
    ])
    expect(failed.headers['retry-after']).toBe('5')
    expect(failed.line).toMatchObject({ usersFailed: 2, reason: 'DIRECTORY_UNAVAILABLE' })
    const why = {
      level: 'ERROR',
      code: 'DIRECTORY_UNAVAILABLE',
      reason: 'ThrottlingException',
    }
    const lines = world.lines.filter(({ code }) => code === 'DIRECTORY_UNAVAILABLE')
    expect(lines).toHaveLength(2)
    for (const userId of ['ann', 'bob'])
      expect(lines).toContainEqual(
        expect.objectContaining({ ...why, userId, requestId: failed.line.requestId }),
      )
    world.dynamoDb.clearFaults()
    const done = await batch([ann, bob])
    expect([done.body.users, done.headers['retry-after']]).toEqual([[ann, bob], undefined])
  })

  it.each([
    ['no users', { users: [] }, 'users'],
    ['101 users', { users: all(101) }, 'users'],
    ['no list', { users: { 0: ann } }, 'users'],
  ])('refuses %s', async (_, change, field) => {
    const { status, body } = await batch([], change)
    expect([status, body.code, body.field]).toEqual([400, 'BODY_INVALID', field])
    expect((await batch(all(100))).status).toBe(200)
  })

  it('takes 100 users with the longest ids and names', async () => {
    const users = Array.from({ length: 100 }, (_, i) => ({
      userId: `${String(i).padStart(3, '0')}${'\u{1F600}'.repeat(29)}`,
      userName: '\u{1F600}'.repeat(256),
      status: 'active',
    }))
    const { status, line } = await batch(users)
    expect([status, line.usersFailed]).toEqual([200, 0])
  })
})

describe('POST /users/query', () => {
  it('answers in the order of the ids, one that is named twice twice, and no other tenant’s', async () => {
    await batch([ann])
    await batch([bob], { tenantSpaceId: OTHER })
    const { status, body, line } = await ask('query', { userIds: ['bob-2', 'ann', 'ann'] })
    expect([status, body.users]).toEqual([200, [{ userId: 'bob-2', status: 'unknown' }, ann, ann]])
    expect(line).toMatchObject({ code: 'USERS_SHOWN', users: 3 })
    await batch([{ userId: 'bob', status: 'deleted' }])
    expect((await ask('query', { userIds: ['bob'] })).body.users).toEqual([
      { userId: 'bob', status: 'unknown' },
    ])
    expect((await ask('query', { userIds: ['bob'], tenantSpaceId: OTHER })).body.users).toEqual([bob])
  })

  it.each([
    ['no ids', []],
    ['101 ids', Array.from({ length: 101 }, (_, i) => `n-${i}`)],
    ['an id that is none', ['']],
  ])('refuses %s', async (_, userIds) => {
    const { status, body } = await ask('query', { userIds })
    expect([status, body.code]).toEqual([400, 'BODY_INVALID'])
    expect((await ask('query', { userIds: ['n-1'] })).status).toBe(200)
  })
})

describe('POST /users/list', () => {
  const pages = async (tenantSpaceId: string, limit: number) => {
    const ids: string[] = []
    let next: string | undefined
    do {
      const { body } = await ask('list', { tenantSpaceId, limit, ...(next === undefined ? {} : { next }) })
      ids.push(...body.users.map(({ userId }: { userId: string }) => userId))
      next = body.next
    } while (next !== undefined)
    return ids
  }

  it('gives every user of the tenant once, page by page, and nobody who was deleted or is of another', async () => {
    const tenantSpaceId = OTHER
    await batch(all(7, 'o'), { tenantSpaceId })
    await batch([{ userId: 'o-3', status: 'deleted' }, bob], { tenantSpaceId })
    const expected = ['bob', 'o-0', 'o-1', 'o-2', 'o-4', 'o-5', 'o-6']
    for (const limit of [1, 2, 3, 100]) expect(await pages(tenantSpaceId, limit)).toEqual(expected)
    const { body, line } = await ask('list', { tenantSpaceId, limit: 1 })
    expect(body.users).toEqual([bob])
    expect(line).toMatchObject({ code: 'USERS_LISTED', users: 1 })
  })

  it('takes no mark but one that its own tenant was given', async () => {
    await batch(all(3, 'o'), { tenantSpaceId: OTHER })
    await batch(all(3, 'o'))
    const { next } = (await ask('list', { tenantSpaceId: OTHER, limit: 2 })).body
    const codeWith = async (mark: string, tenantSpaceId = OTHER) =>
      (await ask('list', { next: mark, tenantSpaceId })).line.code
    for (const mark of [
      '',
      'x',
      `${next}A`,
      next.slice(1),
      `${next}==`,
      Buffer.from('o-1').toString('base64url'),
    ])
      expect([mark, await codeWith(mark)]).toEqual([mark, 'BODY_INVALID'])
    expect(await codeWith(next, TENANT)).toBe('BODY_INVALID')
    expect(await codeWith(next)).toBe('USERS_LISTED')
  })

  it.each([0, 101, 1.5, '10'])('refuses a limit of %j', async (limit) => {
    expect((await ask('list', { limit })).body).toMatchObject({ code: 'BODY_INVALID', field: 'limit' })
    expect((await ask('list', { limit: 100 })).status).toBe(200)
  })
})

describe('the routes for users', () => {
  it.each([
    ['batch', { users: [ann] }],
    ['query', { userIds: ['ann'] }],
    ['list', {}],
  ] as const)('%s wants its own scope, for its own tenant', async (name, body) => {
    expect((await ask(name, body, world.callerKey)).line.code).toBe('SCOPE_MISSING')
    expect((await ask(name, { ...body, tenantSpaceId: 'other' })).line.code).toBe('TENANT_FORBIDDEN')
    expect((await ask(name, body)).status).toBe(200)
  })
})
