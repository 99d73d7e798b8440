import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaksIn } from '../support/canary.ts'
import { GOOD_BODIES, startVendorWorld, type VendorWorld, watchSecrets } from '../support/vendor-world.ts'
import { call, type RequestParts, TENANT } from '../support/world.ts'

let world: VendorWorld
let theirClockMs = 0
let live: VendorWorld['vendors']['live']

beforeAll(async () => {
  world = await startVendorWorld({ now: () => new Date(Date.now() + theirClockMs) })
  live = world.vendors.live
})
afterAll(() => world.close())
beforeEach(async () => {
  world.dynamoDb.clearFaults()
  await world.clearTokens()
  theirClockMs = 0
  live.clearFaults()
  live.resetCalls()
  world.putSettings('live')
})

const GOOD = GOOD_BODIES.liveMessageToken
const parts = (changes: object = {}): RequestParts => ({
  headers: world.authorization,
  body: { ...GOOD, ...changes },
})
const fresh = () => world.fresh('liveMessageToken')

describe('POST /live/GetMessageToken', () => {
  it('answers in Alibaba’s own members, the life in milliseconds', async () => {
    const { status, body, line } = await call(world, await fresh(), parts())
    expect(status).toBe(200)
    expect(body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      Result: {
        AccessToken: expect.any(String),
        AccessTokenExpiredTime: expect.any(Number),
        RefreshToken: expect.any(String),
      },
    })
    expect(body.Result.AccessTokenExpiredTime).toBeGreaterThan(86_395_000)
    expect(body.Result.AccessTokenExpiredTime).toBeLessThanOrEqual(86_400_000)
    expect(line).toMatchObject({ code: 'LIVE_TOKEN_ISSUED', tenantSpaceId: TENANT })
  })

  it('asks anew each time: a user’s token is never kept', async () => {
    const sandbox = await fresh()
    const [first, second] = [await call(world, sandbox, parts()), await call(world, sandbox, parts())]
    expect(first.body.Result.AccessToken).not.toBe(second.body.Result.AccessToken)
    expect(live.calls()).toBe(2)
  })

  it.each([
    ['DeviceId', { DeviceId: 'Device 1' }],
    ['DeviceId', { DeviceId: 'a'.repeat(65) }],
    ['DeviceType', { DeviceType: 'tv' }],
    ['UserId', { UserId: 'Tom' }],
    ['UserId', { UserId: 'a'.repeat(33) }],
    ['UserId', { UserId: '' }],
    ['body', { Extra: 1 }],
  ])('refuses a bad %s before any call', async (field, change) => {
    const { status, body, line } = await call(world, await fresh(), parts(change))
    expect([status, body.Code, line.field]).toEqual([400, 'TokenBridge.MALFORMED', field])
    expect(live.calls()).toBe(0)
  })

  it('takes its own AppId and refuses another', async () => {
    const sandbox = await fresh()
    expect((await call(world, sandbox, parts({ AppId: `live-${TENANT}` }))).status).toBe(200)
    const other = await call(world, sandbox, parts({ AppId: 'live-202007159032' }))
    expect([other.status, other.body.Code, other.line.code]).toEqual([
      403,
      'TokenBridge.FORBIDDEN',
      'TENANT_FORBIDDEN',
    ])
  })

  it('derives the UserId where the settings say so, the same for the same user and never folded', async () => {
    world.putSettings('live', { userId: 'sha256-32' })
    const sandbox = await fresh()
    const seen: unknown[] = []
    live.fail({ fault: 'slow', ms: 0, times: 'always', when: ({ UserId }) => seen.push(UserId) > 0 })
    for (const UserId of ['Tom@example.com', 'tom@example.com', 'Tom@example.com']) {
      expect((await call(world, sandbox, parts({ UserId }))).status).toBe(200)
    }
    const derived = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 32)
    expect(seen).toEqual([derived('Tom@example.com'), derived('tom@example.com'), derived('Tom@example.com')])
  })

  it('derives a UserId from an id of any text, counted in code points, and from nothing that is no id', async () => {
    world.putSettings('live', { userId: 'sha256-32' })
    const sandbox = await fresh()
    for (const UserId of ['\u5f20\u4e09', 'a b', '\u{20000}'.repeat(64)])
      expect((await call(world, sandbox, parts({ UserId }))).status).toBe(200)
    for (const UserId of ['\u{20000}'.repeat(65), 'tom\u200b', 'tom ', 'zoe\u0308', 'tom\ud800'])
      expect((await call(world, sandbox, parts({ UserId }))).line).toMatchObject({
        code: 'BODY_INVALID',
        field: 'UserId',
      })
  })

  it('signs with temporary credentials', async () => {
    watchSecrets(world.vendors.useStsKey(TENANT))
    world.putSettings('live')
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })

  it('signs once more by Alibaba’s clock when ours is off', async () => {
    theirClockMs = 3_600_000
    expect((await call(world, await fresh(), parts())).status).toBe(200)
    expect(live.calls()).toBe(2)
  })

  it('does not try refused credentials again, and blocks nobody for Forbidden', async () => {
    const sandbox = await fresh()
    live.fail({ fault: 'failure-inside', code: 'Forbidden' })
    expect((await call(world, sandbox, parts())).line).toMatchObject({
      code: 'UPSTREAM_PERMISSION_MISSING',
      upstreamCode: 'Forbidden',
    })
    expect((await call(world, sandbox, parts())).status).toBe(200)
    live.fail({ fault: 'failure-inside', code: 'InvalidAccessKeyId.Inactive' })
    for (let i = 0; i < 5; i++)
      expect((await call(world, sandbox, parts())).line.code).toBe('UPSTREAM_CREDENTIAL')
    expect(live.calls()).toBe(3)
  })

  it.each([
    ['no RefreshToken', { RefreshToken: undefined }, {}],
    ['an empty RefreshToken', { RefreshToken: '' }, {}],
    ['a lifetime of 0', { AccessTokenExpiredTime: 0 }, { RefreshToken: 'refresh' }],
    ['a negative lifetime', { AccessTokenExpiredTime: -1 }, { RefreshToken: 'refresh' }],
    ['a lifetime below a second', { AccessTokenExpiredTime: 999 }, { RefreshToken: 'refresh' }],
    ['no lifetime', { AccessTokenExpiredTime: undefined }, { RefreshToken: 'refresh' }],
  ])('takes a reply with %s, and tells no more than it says', async (_, changes, told) => {
    const Result = { AccessToken: 'access', AccessTokenExpiredTime: 86_400_000, RefreshToken: 'refresh' }
    live.fail({
      fault: 'reply',
      body: JSON.stringify({ RequestId: 'r-1', Result: { ...Result, ...changes } }),
    })
    const { status, body } = await call(world, await fresh(), parts())
    const { AccessTokenExpiredTime: left, ...rest } = body.Result
    expect([status, body.RequestId, rest]).toEqual([200, 'r-1', { AccessToken: 'access', ...told }])
    const hasLife = !('AccessTokenExpiredTime' in changes)
    expect(left === undefined).toBe(!hasLife)
  })

  it.each([
    ['an empty RequestId', ''],
    ['a RequestId of another kind', 17],
    ['no RequestId', undefined],
  ])('takes a reply with %s', async (_, RequestId) => {
    const Result = { AccessToken: 'access', AccessTokenExpiredTime: 86_400_000, RefreshToken: 'refresh' }
    live.fail({ fault: 'reply', body: JSON.stringify({ RequestId, Result }) })
    const { status, body } = await call(world, await fresh(), parts())
    expect([status, body.RequestId, body.Result.AccessToken]).toEqual([200, '', 'access'])
  })

  it('hands out no token that holds the AccessKeyId', async () => {
    const { accessKeyId } = world.vendors.tenantSecrets(TENANT).live
    const answer = (AccessToken: string) =>
      JSON.stringify({
        RequestId: 'r',
        Result: { AccessToken, AccessTokenExpiredTime: 1000, RefreshToken: 'refresh' },
      })
    live.fail({ fault: 'reply', body: answer(`oauth:${accessKeyId}`) })
    expect((await call(world, await fresh(), parts())).line).toMatchObject({
      code: 'UPSTREAM_UNEXPECTED',
      reason: 'repeats a secret',
    })
    live.fail({ fault: 'reply', body: answer('oauth:another') })
    expect((await call(world, await fresh(), parts())).body.Result.AccessToken).toBe('oauth:another')
  })

  it('shows no secret when Alibaba repeats the string to sign and everything else', async () => {
    for (const status of [200, 400, 403, 404, 500]) {
      for (const code of ['SignatureDoesNotMatch', 'Whatever']) {
        live.clearFaults()
        live.fail({ fault: 'echo', status, code, times: 'always' })
        expect((await call(world, await fresh(), parts())).status).toBeGreaterThanOrEqual(400)
      }
    }
  })
})

describe('the limits of POST /live/GetMessageToken', () => {
  /** Twenty seconds into a minute, and Alibaba’s clock is not far. */
  const at = Math.floor(Date.now() / 60_000) * 60_000 + 20_000
  const frozen = () => world.fresh('liveMessageToken', { now: () => new Date(at) })

  it('stop one user over all sandboxes, in Alibaba’s own members, and no other', async () => {
    world.putSettings('live', { callsPerUserAndMinute: 2 })
    for (let i = 0; i < 2; i++) expect((await call(world, await frozen(), parts())).status).toBe(200)
    const { status, body, headers, line } = await call(world, await frozen(), parts())
    expect([status, headers['retry-after'], body]).toEqual([
      429,
      '40',
      {
        RequestId: expect.stringMatching(/^[0-9a-f]{16}$/),
        Code: 'TokenBridge.THROTTLED',
        Message: 'UserId: expected at most 2 calls in 60 s',
      },
    ])
    expect([line.code, line.field, live.calls()]).toEqual(['RATE_EXCEEDED', 'UserId', 2])
    expect((await call(world, await frozen(), parts({ UserId: 'jane.1' }))).status).toBe(200)
  })

  it('stop all users of an account in a second that is full', async () => {
    world.putSettings('live', { callsPerSecond: 1 })
    expect((await call(world, await frozen(), parts())).status).toBe(200)
    const { status, body, headers, line } = await call(world, await frozen(), parts({ UserId: 'jane.1' }))
    expect([status, headers['retry-after'], body.Message]).toEqual([
      429,
      '1',
      'AppId: expected at most 1 calls in 1 s',
    ])
    expect([line.code, live.calls()]).toEqual(['RATE_EXCEEDED', 1])
  })

  it('stop nobody while the table is down', async () => {
    world.putSettings('live', { callsPerUserAndMinute: 1, callsPerSecond: 1 })
    world.dynamoDb.fail({ kind: 'error' })
    const sandbox = await frozen()
    for (let i = 0; i < 3; i++) expect((await call(world, sandbox, parts())).status).toBe(200)
    world.dynamoDb.clearFaults()
  })

  it('leave nothing in the table but counters: a user’s token is never stored', async () => {
    expect((await call(world, await frozen(), parts())).status).toBe(200)
    const items = await world.tokenItems()
    expect(items.map((item) => Object.keys(item).sort())).toEqual(Array(2).fill(['count', 'pk', 'sweepAt']))
    expect(leaksIn(JSON.stringify(items))).toEqual([])
    expect(JSON.stringify(items)).not.toContain(GOOD.UserId)
  })
})

describe('a block of Alibaba’s credentials', () => {
  it('holds in every sandbox, until the credentials change', async () => {
    live.fail({ fault: 'failure-inside', code: 'InvalidAccessKeyId.Inactive' })
    for (const sandbox of [await fresh(), await fresh(), await fresh()]) {
      expect((await call(world, sandbox, parts())).line).toMatchObject({
        code: 'UPSTREAM_CREDENTIAL',
        upstreamCode: 'InvalidAccessKeyId.Inactive',
      })
    }
    expect(live.calls()).toBe(1)
    world.vendors.changeSecret(TENANT, 'live')
    world.putSettings('live')
    expect((await call(world, await fresh(), parts())).status).toBe(200)
  })
})
