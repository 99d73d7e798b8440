import { describe, expect, it } from 'vitest'
import {
  bodyTenant,
  holderOf,
  type Principal,
  requireBackEndScope,
  requireChannel,
  requireTenant,
  requireUser,
  requireUserName,
  tenantOf,
  userOf,
} from '../../../lib/http/principal.ts'

const backEnd: Principal = { callerId: 'shop', tenants: ['t1'], scopes: [], expiresAt: 0 }

const prefixed: Principal = { ...backEnd, tenantPrefixes: ['acme-', 'b_'] }
const FORBIDDEN = expect.objectContaining({ code: 'TENANT_FORBIDDEN' })

describe('lib/http/principal: requireTenant', () => {
  it.each(['t1', 'acme-1', 'acme-', 'acme--', 'b_2'])(
    'lets a caller act for %s, which is listed or behind a prefix',
    (id) => {
      expect(() => requireTenant(prefixed, id)).not.toThrow()
      expect(bodyTenant(prefixed, id)).toBe(id)
      expect(tenantOf(prefixed, id)).toBe(id)
    },
  )

  it.each([
    ...['acme', 'acme2', 'acme2-1', 'ACME-1', 'xacme-1', 't1-', 't12', 'b', ''],
    // a tenant's id becomes part of names
    ...['acme-/../t2', 'acme-1/cec', 'acme-*', 'acme-ä', 'acme-1\n', `acme-${'1'.repeat(60)}`],
  ])('refuses %j', (id) => {
    expect(() => requireTenant(prefixed, id)).toThrow(FORBIDDEN)
    expect(() => bodyTenant(prefixed, id)).toThrow(FORBIDDEN)
    expect(() => tenantOf(prefixed, id)).toThrow(FORBIDDEN)
  })

  it('refuses behind a prefix what only another caller has', () => {
    expect(() => requireTenant(backEnd, 'acme-1')).toThrow(FORBIDDEN)
  })
})

describe('lib/http/principal: requireUser', () => {
  it('lets a back end speak for any of its users', () => {
    expect(() => requireUser(backEnd, 'anybody', 'userId')).not.toThrow()
  })

  it('lets a caller that is bound to a user speak for that user alone', () => {
    const user = { ...backEnd, userId: 'tom' }
    expect(() => requireUser(user, 'tom', 'userId')).not.toThrow()
    expect(() => requireUser(user, 'Tom', 'userId')).toThrow(
      expect.objectContaining({
        code: 'USER_FORBIDDEN',
        message: 'userId: expected the user of this caller',
      }),
    )
  })
})

describe('lib/http/principal: requireUserName', () => {
  it('lets a caller that is bound to a user use that user’s name alone', () => {
    expect(() => requireUserName(backEnd, 'Tom', 'userName')).not.toThrow()
    expect(() => requireUserName({ userName: 'Tom' }, 'Tom', 'userName')).not.toThrow()
    expect(() => requireUserName({ userName: 'Tom' }, 'tom', 'userName')).toThrow(
      expect.objectContaining({ code: 'USER_FORBIDDEN' }),
    )
  })
})

describe('lib/http/principal: holderOf', () => {
  it('is the page of a user, or the back end itself', () => {
    expect(holderOf(backEnd)).toBe('back-end')
    expect(holderOf({ userId: 'tom' })).toBe('page')
  })
})

describe('lib/http/principal: requireBackEndScope', () => {
  const scopes = ['live-admin:issue']
  const refusal = { code: 'SCOPE_MISSING' }

  it('lets a back end with the scope, and no page with it', () => {
    expect(() => requireBackEndScope({ scopes }, 'live-admin:issue')).not.toThrow()
    expect(() => requireBackEndScope({ scopes: [] }, 'live-admin:issue')).toThrow(
      expect.objectContaining(refusal),
    )
    expect(() => requireBackEndScope({ scopes, userId: 'tom' }, 'live-admin:issue')).toThrow(
      expect.objectContaining(refusal),
    )
  })
})

describe('lib/http/principal: requireChannel', () => {
  it('lets a back end into every channel', () => {
    expect(() => requireChannel({}, 'room-1', 'ChannelID')).not.toThrow()
  })

  it('lets a user into the channels that its credential names alone', () => {
    const user = { userId: 'tom', rtcChannelIds: ['room-1', 'room-2'] }
    expect(() => requireChannel(user, 'room-2', 'ChannelID')).not.toThrow()
    for (const [caller, channel] of [
      [user, 'room-3'],
      [user, 'Room-2'],
      [user, 'room-'],
      [{ userId: 'tom' }, 'room-2'],
    ] as const) {
      expect(() => requireChannel(caller, channel, 'ChannelID')).toThrow(
        expect.objectContaining({
          code: 'CHANNEL_FORBIDDEN',
          message: 'ChannelID: expected a channel that the access token names',
          detail: { field: 'ChannelID' },
        }),
      )
    }
  })
})

describe('lib/http/principal: userOf', () => {
  const tom = { userId: '1', userName: 'Tom' }

  it.each([
    ['a back end, the one that it names', {}, tom],
    ['a user, itself', tom, {}],
    ['a user that names itself, itself', tom, tom],
    ['a user that names half of itself, itself', tom, { userName: 'Tom' }],
  ])('is for %s', (_, caller, given) => {
    expect(userOf(caller, given)).toEqual(tom)
  })

  it.each([
    ['a back end that names nobody', {}, {}, 'BODY_INVALID', 'userId: expected a string'],
    [
      'a back end that leaves out the name',
      {},
      { userId: '1' },
      'BODY_INVALID',
      'userName: expected a string',
    ],
    [
      'a user that names another',
      tom,
      { userId: '2' },
      'USER_FORBIDDEN',
      'userId: expected the user of this caller',
    ],
    [
      'a user under another name',
      tom,
      { userName: 'tom' },
      'USER_FORBIDDEN',
      'userName: expected the user of this caller',
    ],
  ])('refuses %s', (_, caller, given, code, message) => {
    expect(() => userOf(caller, given)).toThrow(expect.objectContaining({ code, message }))
  })
})

describe('lib/http/principal: tenantOf', () => {
  it.each([
    [['t1'], undefined, 't1'],
    [['t1'], 't1', 't1'],
    [['t1', 't2'], 't2', 't2'],
  ])('of %j, named %s, is %s', (tenants, named, expected) => {
    expect(tenantOf({ ...backEnd, tenants }, named)).toBe(expected)
  })

  it.each([
    [['t1'], 't2', 'TENANT_FORBIDDEN'],
    [['t1', 't2'], undefined, 'TENANT_UNNAMED'],
    [[], undefined, 'TENANT_UNNAMED'],
    [['t1'], 't1,t1', 'TENANT_FORBIDDEN'],
  ])('of %j, named %s, throws %s', (tenants, named, code) => {
    expect(() => tenantOf({ ...backEnd, tenants }, named)).toThrow(expect.objectContaining({ code }))
  })

  it('asks a caller with a prefix for a name, also where one tenant is listed beside it', () => {
    const UNNAMED = expect.objectContaining({ code: 'TENANT_UNNAMED' })
    expect(tenantOf({ tenants: ['t1'], tenantPrefixes: [] }, undefined)).toBe('t1')
    expect(() => tenantOf({ tenants: ['t1'], tenantPrefixes: ['acme-'] }, undefined)).toThrow(UNNAMED)
    expect(() => tenantOf({ tenants: [], tenantPrefixes: ['acme-'] }, undefined)).toThrow(UNNAMED)
  })
})
