/** Alibaba's ready clients, which only know the server's address: what their Web kit sends, and how it reads the answers. */

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaksIn } from '../support/canary.ts'
import type { VendorFunctionName } from '../support/functions.ts'
import { backEndWith, pageOf } from '../support/pages.ts'
import { startVendorWorld, type VendorWorld } from '../support/vendor-world.ts'
import { call, USER } from '../support/world.ts'

let world: VendorWorld
beforeAll(async () => {
  world = await startVendorWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clearTokens()
  for (const system of ['live', 'live-im', 'live-rtc'] as const) world.putSettings(system)
})

const FUNCTIONS: Readonly<Record<string, VendorFunctionName>> = {
  '/api/v1/live/token': 'auiLiveToken',
  '/api/v2/live/token': 'auiLiveToken',
  '/api/v1/live/getRtcAuthToken': 'auiRtcToken',
  '/api/v2/aiagent/getRtcAuthToken': 'auiRtcToken',
}

/** Their Web client: takes status 200 alone as success, and then reads `code` of the body. */
const client = (headers: Record<string, string>) => ({
  post: async (path: string, body: object) => {
    const answer = await call(world, await world.fresh(FUNCTIONS[path] as VendorFunctionName), {
      routeKey: `POST ${path}`,
      headers: { ...headers, 'x-live-env': 'production' },
      body,
    })
    const isGood = answer.status === 200 && answer.body.code === 200
    return { ...answer, isGood }
  },
})

const device = () => ({ device_id: randomUUID(), device_type: 'web' })
const SCOPES = ['live-token:issue', 'rtc-token:issue']
const signedIn = async (...rtcChannelIds: readonly string[]) =>
  client(await pageOf(world, { scopes: SCOPES, rtcChannelIds }))
const at = async (path: string, body: object) => {
  const answer = await fetch(world.vendors.live.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'client' },
    body: JSON.stringify(body),
  })
  return answer.status
}

describe('POST /api/v1/live/token', () => {
  it('gives the older messaging a token for its own user', async () => {
    const web = await signedIn('room-1')
    const { isGood, body } = await web.post('/api/v1/live/token', { user_id: USER.userId, ...device() })

    expect(isGood).toBe(true)
    expect(body).toEqual({ code: 200, access_token: expect.any(String), refresh_token: expect.any(String) })
    expect(body.access_token).not.toBe(body.refresh_token)
  })

  it.each([
    ['user_id', { user_id: '10010002' }, 403, 'USER_FORBIDDEN'],
    ['device_id', { device_id: 'a device' }, 400, 'BODY_INVALID'],
    ['device_id', { device_id: '' }, 400, 'BODY_INVALID'],
    ['device_type', { device_type: 'tv' }, 400, 'BODY_INVALID'],
  ])('refuses a bad %s: %j, with the status in `code`', async (field, change, status, code) => {
    const web = await signedIn('room-1')
    const good = { user_id: USER.userId, ...device() }
    const refused = await web.post('/api/v1/live/token', { ...good, ...change })

    expect([refused.status, refused.body, refused.line.code, refused.line.field]).toEqual([
      status,
      { code: status, message: expect.stringContaining(field) },
      code,
      field,
    ])
    expect((await web.post('/api/v1/live/token', good)).isGood).toBe(true)
  })
})

describe('POST /api/v1 and /api/v2/live/token, of a user whom Alibaba does not take', () => {
  it.each([
    ['/api/v1/live/token', 'Tom', 'aliyun_old', 'tom'],
    ['/api/v2/live/token', 'Tom', 'aliyun_old', 'tom'],
    ['/api/v2/live/token', 'tom-1', 'aliyun_new', 'tom_1'],
    ['/api/v2/live/token', 'to.m', 'aliyun_new', 'Tom'],
  ])('names user_id at %s for %j of %s', async (path, wrong, server, right) => {
    const backEnd = client(world.authorization)
    const asked = (user_id: string) => ({ user_id, ...device(), im_server: [server] })
    const refused = await backEnd.post(path, asked(wrong))

    expect([refused.status, refused.body, refused.line.code, refused.line.field]).toEqual([
      400,
      { code: 400, message: expect.stringMatching(/^user_id: expected 1 to /) },
      'BODY_INVALID',
      'user_id',
    ])
    expect((await backEnd.post(path, asked(right))).isGood).toBe(true)
  })

  it('names user_id for a user who asks too often', async () => {
    world.putSettings('live', { callsPerUserAndMinute: 1 })
    const asked = () => ({ user_id: USER.userId, ...device() })
    const web = await signedIn('room-1')
    const answers = [
      await web.post('/api/v1/live/token', asked()),
      await web.post('/api/v1/live/token', asked()),
      await web.post('/api/v1/live/token', asked()),
    ]
    // Of three, two lie in one minute.
    const refused = answers.find(({ status }) => status === 429)

    expect(answers[0]?.isGood).toBe(true)
    expect([refused?.status, refused?.body, refused?.line.code, refused?.line.field]).toEqual([
      429,
      { code: 429, message: 'user_id: expected at most 1 calls in 60 s' },
      'RATE_EXCEEDED',
      'user_id',
    ])
  })

  it('leaves a fault of the tenant’s settings as it is', async () => {
    world.putSettings('live-im', { userId: 'other' })
    const asked = { user_id: USER.userId, ...device(), im_server: ['aliyun_new'] }
    const refused = await client(world.authorization).post('/api/v2/live/token', asked)

    expect([refused.status, refused.line.code, refused.line.field]).toEqual([
      503,
      'SECRET_MALFORMED',
      'userId',
    ])
  })
})

describe('POST /api/v2/live/token', () => {
  it('gives a token for each messaging that is asked for', async () => {
    const web = await signedIn('room-1')
    const asked = { user_id: USER.userId, ...device(), im_server: ['aliyun_old', 'aliyun_new'] }
    const { isGood, body } = await web.post('/api/v2/live/token', asked)

    expect(isGood).toBe(true)
    expect(Object.keys(body)).toEqual(['code', 'aliyun_old_im', 'aliyun_new_im'])
    expect(body.aliyun_old_im).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
    })
    expect(await at('/im/login', body.aliyun_new_im)).toBe(200)
    expect(leaksIn(JSON.stringify(body))).toEqual([])
  })

  it.each([
    ['aliyun_old', 'aliyun_old_im'],
    ['aliyun_new', 'aliyun_new_im'],
  ])('gives %s alone', async (server, member) => {
    const web = await signedIn('room-1')
    const { body } = await web.post('/api/v2/live/token', {
      user_id: USER.userId,
      ...device(),
      im_server: [server],
    })

    expect(Object.keys(body)).toEqual(['code', member])
  })

  it('needs no settings of the messaging that is not asked for', async () => {
    world.putSettings('live', { appId: 1 })
    const web = await signedIn('room-1')
    const asked = { user_id: USER.userId, ...device(), im_server: ['aliyun_new'] }
    world.vendors.live.resetCalls()

    expect((await web.post('/api/v2/live/token', asked)).isGood).toBe(true)
    expect(world.vendors.live.calls('GetMessageToken')).toBe(0)
  })

  it.each([
    ['none', undefined],
    ['an empty list', []],
    ['an unknown one', ['aliyun_old', 'tencent']],
    ['no list', 'aliyun_new'],
  ])('refuses %s as im_server', async (_, im_server) => {
    const web = await signedIn('room-1')
    const refused = await web.post('/api/v2/live/token', { user_id: USER.userId, ...device(), im_server })

    expect([refused.status, refused.body.code, refused.line.code]).toEqual([400, 400, 'BODY_INVALID'])
    expect(refused.line.field).toMatch(/^im_server/)
  })

  it.each(['user', '', null, undefined])('takes the role %j for none', async (role) => {
    const web = await signedIn('room-1')
    const asked = { user_id: USER.userId, ...device(), im_server: ['aliyun_new'], role }

    expect((await web.post('/api/v2/live/token', asked)).body.aliyun_new_im.auth.role).toBe('')
  })

  it('makes nobody an admin by its own word', async () => {
    const asked = { user_id: USER.userId, ...device(), im_server: ['aliyun_new'], role: 'admin' }
    const web = await signedIn('room-1')
    const refused = await web.post('/api/v2/live/token', asked)
    const backEnd = client(backEndWith(world, ['live-token:issue', 'live-admin:issue']))
    const taken = await backEnd.post('/api/v2/live/token', asked)

    expect([refused.status, refused.body.code, refused.line.code]).toEqual([403, 403, 'SCOPE_MISSING'])
    expect(taken.body.aliyun_new_im.auth.role).toBe('admin')
  })
})

describe('POST /api/v1/live/getRtcAuthToken', () => {
  const rtc = { path: '/api/v1/live/getRtcAuthToken', body: { room_id: 'room-1', user_id: USER.userId } }

  it('gives a token for a room that the access token names', async () => {
    const web = await signedIn('room-1')
    const { isGood, body } = await web.post(rtc.path, rtc.body)

    expect(isGood).toBe(true)
    expect(body).toEqual({
      code: 200,
      auth_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      timestamp: expect.any(Number),
    })
    const joined = {
      AppID: world.vendors.tenantSecrets('202007159031')['live-rtc'].appId,
      ChannelID: 'room-1',
      UserID: USER.userId,
      Nonce: '',
      Timestamp: body.timestamp,
      Token: body.auth_token,
    }
    expect(await at('/rtc/join', joined)).toBe(200)
  })

  it('writes it as the newer call does where the settings say so', async () => {
    world.putSettings('live-rtc', { roomToken: 'base64' })
    const web = await signedIn('room-1')
    const { body } = await web.post(rtc.path, rtc.body)

    expect(JSON.parse(Buffer.from(body.auth_token, 'base64').toString())).toMatchObject({
      channelid: 'room-1',
      userid: USER.userId,
      timestamp: body.timestamp,
    })
  })

  it.each([
    ['another room', { room_id: 'room-2' }, 'CHANNEL_FORBIDDEN', 'room_id'],
    ['another user', { user_id: '10010002' }, 'USER_FORBIDDEN', 'user_id'],
  ])('refuses %s', async (_, change, code, field) => {
    const web = await signedIn('room-1')
    const refused = await web.post(rtc.path, { ...rtc.body, ...change })

    expect([refused.status, refused.body.code, refused.line.code, refused.line.field]).toEqual([
      403,
      403,
      code,
      field,
    ])
  })
})

describe('POST /api/v2/aiagent/getRtcAuthToken', () => {
  const path = '/api/v2/aiagent/getRtcAuthToken'
  const joined = (body: { readonly rtc_auth_token: string }) => {
    const { appid, channelid, userid, nonce, timestamp, token } = JSON.parse(
      Buffer.from(body.rtc_auth_token, 'base64').toString(),
    )
    return at('/rtc/join', {
      AppID: appid,
      ChannelID: channelid,
      UserID: userid,
      Nonce: nonce,
      Timestamp: timestamp,
      Token: token,
    })
  }

  it('gives a token for a channel that the access token names', async () => {
    const web = await signedIn('room-1')
    const { isGood, body } = await web.post(path, { user_id: USER.userId, channel_id: 'room-1' })

    expect(isGood).toBe(true)
    expect(Object.keys(body)).toEqual(['code', 'rtc_auth_token', 'channel_id', 'timestamp'])
    expect(body.channel_id).toBe('room-1')
    expect(await joined(body)).toBe(200)
  })

  it.each([undefined, null, ''])('makes a channel of its own for %j', async (channel_id) => {
    const web = await signedIn('room-1')
    const [first, second] = [
      await web.post(path, { user_id: USER.userId, channel_id }),
      await web.post(path, { user_id: USER.userId, channel_id }),
    ]

    expect(first.body.channel_id).toMatch(/^ctb[0-9a-f]{29}$/)
    expect(first.body.channel_id).not.toBe(second.body.channel_id)
    expect(await joined(first.body)).toBe(200)
  })

  it('refuses a channel of others', async () => {
    const web = await signedIn('room-1')
    const refused = await web.post(path, { user_id: USER.userId, channel_id: 'room-2' })

    expect([refused.status, refused.body.code, refused.line.code]).toEqual([403, 403, 'CHANNEL_FORBIDDEN'])
  })
})
