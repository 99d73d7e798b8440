import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaksIn } from '../support/canary.ts'
import { backEndWith, pageOf } from '../support/pages.ts'
import { startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { call, TENANT, USER } from '../support/world.ts'

let world: VendorWorld
beforeAll(async () => {
  world = await startVendorWorld()
})
afterAll(() => world.close())
beforeEach(() => world.putSettings('live-im'))

const ask = async (body: object, headers: Record<string, string> = world.authorization) =>
  call(world, await world.fresh('liveImToken'), { headers, body })

/** What Alibaba's own system says of the token. */
const login = async (body: object) => {
  const { url } = world.vendors.live
  const answer = await fetch(`${url}/im/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'client' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

const HOUR_SECONDS = 3600
const secondsLeft = ({ auth }: { readonly auth: { readonly timestamp: number } }) =>
  auth.timestamp - Date.now() / 1000

describe('POST /live/MessageToken', () => {
  it('gives a back end a token for a day, with which the user signs in', async () => {
    const { status, body, line } = await ask({ userId: USER.userId })

    expect(status).toBe(200)
    expect(body).toEqual({
      app_id: `im-${TENANT}`,
      app_sign: expect.any(String),
      app_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      auth: {
        user_id: USER.userId,
        nonce: expect.stringMatching(/^[A-Za-z0-9_]{1,64}$/),
        timestamp: expect.any(Number),
        role: '',
      },
    })
    expect(Math.abs(secondsLeft(body) - 24 * HOUR_SECONDS)).toBeLessThan(5)
    expect(line).toMatchObject({ code: 'LIVE_IM_TOKEN_ISSUED', tenantSpaceId: TENANT, userId: USER.userId })
    expect(await login(body)).toEqual({ status: 200, body: { user_id: USER.userId, role: '' } })
    expect(leaksIn(JSON.stringify([body, line]))).toEqual([])
  })

  it('gives a page a token for an hour', async () => {
    const page = await pageOf(world, { scopes: ['live-token:issue'] })
    const { status, body } = await ask({ userId: USER.userId }, page)

    expect(status).toBe(200)
    expect(Math.abs(secondsLeft(body) - HOUR_SECONDS)).toBeLessThan(5)
    expect((await login(body)).status).toBe(200)
  })

  it.each([
    ['another user', (token: Token) => ({ ...token, auth: { ...token.auth, user_id: '10010002' } })],
    ['a later end', (token: Token) => ({ ...token, auth: { ...token.auth, timestamp: 4_000_000_000 } })],
    ['the role of an admin', (token: Token) => ({ ...token, auth: { ...token.auth, role: 'admin' } })],
    ['another application', (token: Token) => ({ ...token, app_id: 'im-other' })],
  ])('is worth nothing for %s', async (_, change) => {
    const { body } = await ask({ userId: USER.userId })

    expect((await login(change(body))).status).toBe(403)
    expect((await login(body)).status).toBe(200)
  })

  it('asks Alibaba nothing, and keeps nothing', async () => {
    world.vendors.live.resetCalls()
    await world.clearTokens()
    await ask({ userId: USER.userId })

    expect(world.vendors.live.calls()).toBe(0)
    expect(await world.tokenItems()).toEqual([])
  })

  it('lives as long as the settings say, for everybody', async () => {
    world.putSettings('live-im', { lifetimeSeconds: 600 })
    const page = await pageOf(world, { scopes: ['live-token:issue'] })

    for (const headers of [world.authorization, page])
      expect(Math.abs(secondsLeft((await ask({ userId: USER.userId }, headers)).body) - 600)).toBeLessThan(5)
  })

  it.each(['Tom-1', '张三', 'a.b'])('refuses the id %s unless the settings derive it', async (userId) => {
    const refused = await ask({ userId })
    world.putSettings('live-im', { userId: 'sha256-32' })
    const taken = await ask({ userId })

    expect([refused.status, refused.body.Code, refused.line.field]).toEqual([
      400,
      'TokenBridge.MALFORMED',
      'userId',
    ])
    expect(taken.body.auth.user_id).toMatch(/^[0-9a-f]{32}$/)
    expect((await login(taken.body)).status).toBe(200)
  })
})

describe('POST /live/MessageToken, for an admin', () => {
  const scoped = (...scopes: readonly string[]) => backEndWith(world, scopes)

  it('needs the scope live-admin:issue', async () => {
    const body = { userId: USER.userId, role: 'admin' }
    const without = await ask(body, scoped('live-token:issue'))
    const withScope = await ask(body, scoped('live-token:issue', 'live-admin:issue'))

    expect([without.status, without.line.code]).toEqual([403, 'SCOPE_MISSING'])
    expect(withScope.status).toBe(200)
    expect(await login(withScope.body)).toEqual({
      status: 200,
      body: { user_id: USER.userId, role: 'admin' },
    })
  })

  it('needs the scope for everything, not live-admin:issue alone', async () => {
    const { status, line } = await ask({ userId: USER.userId, role: 'admin' }, scoped('live-admin:issue'))

    expect([status, line.code]).toEqual([403, 'SCOPE_MISSING'])
  })

  it('is nothing for a page', async () => {
    const page = await pageOf(world, { scopes: ['live-token:issue'] })
    const admin = await ask({ userId: USER.userId, role: 'admin' }, page)
    const plain = await ask({ userId: USER.userId, role: '' }, page)

    expect([admin.status, admin.line.code]).toEqual([403, 'SCOPE_MISSING'])
    expect(plain.status).toBe(200)
  })

  it.each([[{ role: 'owner' }], [{ role: 1 }], [{ role: 'Admin' }]])('knows no %j', async (change) => {
    const { status, line } = await ask({ userId: USER.userId, ...change })

    expect([status, line.code, line.field]).toEqual([400, 'BODY_INVALID', 'role'])
  })
})

interface Token {
  readonly auth: object
}
