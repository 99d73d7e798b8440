import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  as,
  halfASecond,
  handlers,
  issue,
  newValidate,
  put,
  startShuttingOut,
  verdict,
  world,
} from '../support/shutting-out-world.ts'
import { call, TENANT, USER } from '../support/world.ts'

beforeAll(startShuttingOut)
afterAll(() => world.close())

describe('PUT /users', () => {
  it('enters a user, who then gets a token', async () => {
    const user = { tenantSpaceId: TENANT, userId: 'dora', userName: 'Dora', status: 'active' }
    const { status, body, line } = await call(world, handlers.put, as(user))
    expect([status, body, line.code]).toEqual([200, user, 'USER_WRITTEN'])
    expect(JSON.stringify(line)).not.toMatch(/Dora/)
    expect(await verdict(newValidate(), (await issue('dora', 'Dora')).token, 'dora', 'Dora')).toBe(
      'TOKEN_VALID',
    )
  })

  it('shuts a user out, and letting it in again revives no old token', async () => {
    await put({ userId: 'eve' })
    const { token } = await issue('eve')
    await put({ userId: 'eve', status: 'disabled' })
    expect(await verdict(newValidate(), token, 'eve')).toBe('TOKEN_USER_INACTIVE')
    expect(
      (await call(world, handlers.issue, as({ tenantSpaceId: TENANT, userId: 'eve', userName: 'Ann' }))).line
        .code,
    ).toBe('USER_DISABLED')
    await put({ userId: 'eve' })
    expect(await verdict(newValidate(), token, 'eve')).toBe('TOKEN_REVOKED')
    expect(await verdict(newValidate(), (await issue('eve')).token, 'eve')).toBe('TOKEN_VALID')
  })

  it('ends the tokens of the old name within half a second, and none of the new', async () => {
    await put({ userId: 'finn' })
    const { token } = await issue('finn')
    const here = newValidate()
    expect(await verdict(here, token, 'finn')).toBe('TOKEN_VALID')
    await put({ userId: 'finn', userName: 'Finn B.' })
    const body = { Token: token, userId: 'finn', userName: 'Ann', tenantSpaceId: TENANT }
    const refused = await call(world, newValidate(), { body })
    expect([refused.body, refused.line.code, refused.line.field]).toEqual([
      { retCode: 5, message: 'user not admitted' },
      'TOKEN_USER_UNKNOWN',
      'name',
    ])
    await halfASecond()
    expect(await verdict(here, token, 'finn')).toBe('TOKEN_USER_UNKNOWN')
    const { token: renamed } = await issue('finn', 'Finn B.')
    expect(await verdict(newValidate(), renamed, 'finn', 'Finn B.')).toBe('TOKEN_VALID')
    expect(
      (await call(world, handlers.issue, as({ tenantSpaceId: TENANT, userId: 'finn', userName: 'Ann' })))
        .status,
    ).toBe(409)
    await put({ userId: 'finn' })
    expect(await verdict(newValidate(), token, 'finn')).toBe('TOKEN_REVOKED')
  })

  it('deletes a user: its tokens end within a second everywhere, and stay refused when it is made again', async () => {
    await put({ userId: 'greta' })
    const { token } = await issue('greta')
    const here = newValidate()
    expect(await verdict(here, token, 'greta')).toBe('TOKEN_VALID')
    const { status, body, line } = await put({ userId: 'greta', userName: undefined, status: 'deleted' })
    expect([status, body]).toEqual([200, { tenantSpaceId: TENANT, userId: 'greta', status: 'deleted' }])
    expect(line).toMatchObject({ code: 'USER_WRITTEN', userId: 'greta', userStatus: 'deleted' })
    await halfASecond()
    expect(await verdict(here, token, 'greta')).toBe('TOKEN_USER_INACTIVE')
    const refused = await call(
      world,
      handlers.issue,
      as({ tenantSpaceId: TENANT, userId: 'greta', userName: 'Ann' }),
    )
    expect([refused.status, refused.line.code]).toEqual([404, 'USER_UNKNOWN'])
    await put({ userId: 'greta' })
    const { token: after } = await issue('greta')
    expect(await verdict(newValidate(), token, 'greta')).toBe('TOKEN_REVOKED')
    expect(await verdict(newValidate(), after, 'greta')).toBe('TOKEN_VALID')
  })

  it('answers the name as it is kept, which is NFC', async () => {
    const { status, body } = await put({ userId: 'zoe', userName: 'Zoe\u0308' })
    expect([status, body.userName]).toEqual([200, 'Zo\u00eb'])
    expect((await put({ userId: 'zoe', userName: 'Zo\u00eb' })).body).toEqual(body)
  })

  it.each([
    ['an unknown status', { status: 'gone' }, 'status'],
    ['no name', { userName: undefined }, 'userName'],
    ['a name of a deleted user', { status: 'deleted' }, 'userName'],
    ['a name with a direction override', { userName: 'a\u202eb' }, 'userName'],
    ['no userId', { userId: undefined }, 'userId'],
  ])('refuses %s with the path of the field', async (_, change, field) => {
    const { status, body } = await put({ userId: 'x', ...change })
    expect([status, body.code, body.field]).toEqual([400, 'BODY_INVALID', field])
  })

  it('wants its own scope, for its own tenant', async () => {
    const user = { tenantSpaceId: TENANT, ...USER, status: 'active' }
    expect((await call(world, handlers.put, as(user, world.callerKey))).line.code).toBe('SCOPE_MISSING')
    expect((await call(world, handlers.put, as({ ...user, tenantSpaceId: 'other' }))).line.code).toBe(
      'TENANT_FORBIDDEN',
    )
  })
})
