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
beforeEach(() => world.putSettings('live-rtc'))

const GOOD = { ChannelID: 'room-1', UserID: USER.userId }
const ask = async (changes: object = {}, headers: Record<string, string> = world.authorization) =>
  call(world, await world.fresh('liveRtcToken'), { headers, body: { ...GOOD, ...changes } })

/** What Alibaba's own system says of the token. */
const join = async (body: object) => {
  const { url } = world.vendors.live
  const answer = await fetch(`${url}/rtc/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'client' },
    body: JSON.stringify(body),
  })
  return answer.status
}

const HOUR_SECONDS = 3600
const page = (...rtcChannelIds: readonly string[]) =>
  pageOf(world, { scopes: ['rtc-token:issue'], rtcChannelIds })

describe('POST /live/RtcToken', () => {
  it('gives a back end a token for a day less five minutes, with which the user enters the channel', async () => {
    const { status, body, line } = await ask()

    expect(status).toBe(200)
    expect(body).toEqual({
      AppID: `rtc-${TENANT}`,
      ...GOOD,
      Nonce: expect.stringMatching(/^[A-Za-z0-9_]{1,64}$/),
      Timestamp: expect.any(Number),
      Token: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(Math.abs(body.Timestamp - Date.now() / 1000 - (24 * HOUR_SECONDS - 300))).toBeLessThan(5)
    expect(line).toMatchObject({ code: 'LIVE_RTC_TOKEN_ISSUED', tenantSpaceId: TENANT, userId: USER.userId })
    expect(await join(body)).toBe(200)
    expect(leaksIn(JSON.stringify([body, line]))).toEqual([])
  })

  it.each([
    ['is taken', 'almost five minutes', 295, 200],
    ['is too long for Alibaba', 'more than five minutes', 310, 403],
  ])('%s where our clock is ahead by %s', async (_, _time, seconds, status) => {
    const now = () => new Date(Date.now() + seconds * 1000)
    const sandbox = await world.fresh('liveRtcToken', { now })
    const { body } = await call(world, sandbox, { headers: world.authorization, body: GOOD })

    expect(await join(body)).toBe(status)
  })

  it.each([
    ['another channel', { ChannelID: 'room-2' }],
    ['another user', { UserID: '10010002' }],
    ['a later end', { Timestamp: 4_000_000_000 }],
    ['another nonce', { Nonce: 'n' }],
  ])('is worth nothing for %s', async (_, change) => {
    const { body } = await ask()

    expect(await join({ ...body, ...change })).toBe(403)
    expect(await join(body)).toBe(200)
  })

  it('gives a page a token for an hour, for a channel that its access token names', async () => {
    const { status, body } = await ask({}, await page('room-0', 'room-1'))

    expect(status).toBe(200)
    expect(Math.abs(body.Timestamp - Date.now() / 1000 - HOUR_SECONDS)).toBeLessThan(5)
    expect(await join(body)).toBe(200)
  })

  it.each([
    ['another channel', { ChannelID: 'room-2' }, 'CHANNEL_FORBIDDEN', 'ChannelID'],
    ['a channel that begins alike', { ChannelID: 'room-' }, 'CHANNEL_FORBIDDEN', 'ChannelID'],
    ['a channel in other letters', { ChannelID: 'Room-1' }, 'CHANNEL_FORBIDDEN', 'ChannelID'],
    ['another user', { UserID: '10010002' }, 'USER_FORBIDDEN', 'UserID'],
  ])('refuses a page %s, and a back end may ask for it', async (_, change, code, field) => {
    const { status, body, line } = await ask(change, await page('room-1'))

    expect([status, body.Code, line.code, line.field]).toEqual([403, 'TokenBridge.FORBIDDEN', code, field])
    expect((await ask(change)).status).toBe(200)
  })

  it('refuses a page whose access token is for something else', async () => {
    const { status, line } = await ask({}, await pageOf(world, { scopes: ['live-token:issue'] }))

    expect([status, line.code]).toEqual([403, 'SCOPE_MISSING'])
  })

  it('needs the scope rtc-token:issue', async () => {
    const without = await ask({}, backEndWith(world, ['live-token:issue', 'live-admin:issue']))
    const withScope = await ask({}, backEndWith(world, ['rtc-token:issue']))

    expect([without.status, without.line.code]).toEqual([403, 'SCOPE_MISSING'])
    expect(withScope.status).toBe(200)
  })

  it.each([
    ['ChannelID', { ChannelID: '' }],
    ['ChannelID', { ChannelID: 'room 1' }],
    ['ChannelID', { ChannelID: 'r'.repeat(65) }],
    ['ChannelID', { ChannelID: 1 }],
    ['UserID', { UserID: '' }],
    ['body', { Nonce: 'mine' }],
  ])('refuses a bad %s: %j', async (field, change) => {
    const { status, line } = await ask(change)

    expect([status, line.code, line.field]).toEqual([400, 'BODY_INVALID', field])
  })

  it('asks Alibaba nothing, and keeps nothing', async () => {
    world.vendors.live.resetCalls()
    await world.clearTokens()
    await ask()

    expect(world.vendors.live.calls()).toBe(0)
    expect(await world.tokenItems()).toEqual([])
  })

  it('lives as long as the settings say, for everybody', async () => {
    world.putSettings('live-rtc', { lifetimeSeconds: 600 })

    for (const headers of [world.authorization, await page('room-1')]) {
      const { body } = await ask({}, headers)
      expect(Math.abs(body.Timestamp - Date.now() / 1000 - 600)).toBeLessThan(5)
    }
  })
})
