import { describe, expect, it } from 'vitest'
import {
  ACCESS_SCOPES,
  AccessTokenClaims,
  accessAudience,
  accessTokenRequest,
} from '../../../lib/schemas/access-token.ts'
import { faultsIn, without } from '../../support/schemas.ts'

const ISSUED_AT = 1_900_000_000
const CLAIMS = {
  iss: 'https://tokens.example.com',
  aud: 'https://tokens.example.com/upstream',
  sub: '10010001',
  name: 'Tom',
  tenantSpaceId: '202007159031',
  scope: 'chat-token:issue chat:relay',
  client_id: 'shop',
  jti: 'a-token-id-of-22-chars',
  ver: '0.3',
  iat: ISSUED_AT,
  exp: ISSUED_AT + 300,
}
const CHANNELS = ['room-1', 'ROOM_2']
const UNFIT = 'rtcChannelIds: expected rtcChannelIds with the scope rtc-token:issue, and only then'
const UNKNOWN = `expected scopes out of ${ACCESS_SCOPES.join(', ')}`

describe('lib/schemas/access-token: AccessTokenClaims', () => {
  it('takes what this system signs, and reads the scopes as a list', () => {
    expect(AccessTokenClaims.parse(CLAIMS)).toEqual({ ...CLAIMS, scope: ['chat-token:issue', 'chat:relay'] })
  })

  it.each(Object.keys(CLAIMS))('demands %s', (claim) => {
    expect(faultsIn(AccessTokenClaims, without(CLAIMS, claim))).toMatch(new RegExp(`^${claim}: `))
  })

  it('takes the channels of a token for RTC', () => {
    const claims = { ...CLAIMS, scope: 'rtc-token:issue', rtcChannelIds: CHANNELS }

    expect(AccessTokenClaims.parse(claims)).toMatchObject({ rtcChannelIds: CHANNELS })
  })

  it.each([
    ['channels without the scope for RTC', { rtcChannelIds: CHANNELS }],
    ['the scope for RTC without channels', { scope: 'rtc-token:issue' }],
  ])('refuses %s', (_, change) => {
    expect(faultsIn(AccessTokenClaims, { ...CLAIMS, ...change })).toBe(UNFIT)
  })

  it.each([
    ['a claim more', { azp: 'x' }, '(whole): expected no members but the documented ones'],
    ['two blanks between scopes', { scope: 'chat:relay  chat-token:issue' }, `scope.1: ${UNKNOWN}`],
    ['a scope of back ends', { scope: 'users:write' }, `scope.0: ${UNKNOWN}`],
    ['a scope twice', { scope: 'chat:relay chat:relay' }, 'scope: expected each scope once'],
    ['no scope', { scope: '' }, `scope.0: ${UNKNOWN}`],
  ])('refuses %s', (_, change, fault) => {
    expect(faultsIn(AccessTokenClaims, { ...CLAIMS, ...change })).toBe(fault)
  })
})

describe('lib/schemas/access-token: accessAudience', () => {
  it('lies behind the issuer, so that stages differ in it', () => {
    expect(accessAudience('https://a.example')).toBe('https://a.example/upstream')
    expect(accessAudience('https://b.example')).toBe('https://b.example/upstream')
  })
})

describe('lib/schemas/access-token: accessTokenRequest', () => {
  const request = accessTokenRequest({ USER_ID_CHARACTERS: undefined, USER_ID_MAX_LENGTH: 32 })
  const BODY = {
    userId: '10010001',
    userName: 'Tom',
    tenantSpaceId: '202007159031',
    scopes: [...ACCESS_SCOPES],
    rtcChannelIds: CHANNELS,
  }
  const PLAIN = without(BODY, 'rtcChannelIds')

  it('takes a user with every scope that a page may have', () => {
    expect(faultsIn(request, BODY)).toBe('none')
  })

  it('takes four channels of 64 characters', () => {
    const rtcChannelIds = [...'1234'].map((digit) => digit.padEnd(64, 'x'))

    expect(faultsIn(request, { ...BODY, rtcChannelIds })).toBe('none')
  })

  it('demands no tenant: an identity provider’s token names one', () => {
    expect(faultsIn(request, without(BODY, 'tenantSpaceId'))).toBe('none')
  })

  it.each(['userId', 'userName', 'scopes', 'rtcChannelIds'])('demands %s', (member) => {
    expect(faultsIn(request, without(BODY, member))).toMatch(new RegExp(`^${member}: `))
  })

  it.each([
    [24, ['chat:relay'], 'none'],
    [25, ['chat:relay'], 'userId: expected 1 to 24 characters of a user who may chat'],
    [25, ['live-token:issue', 'chat-token:issue'], 'none'],
    [32, ['live-token:issue'], 'none'],
  ])('takes or refuses a userId of %i characters with %j: %s', (length, scopes, fault) => {
    expect(faultsIn(request, { ...PLAIN, userId: '\u{20000}'.repeat(length), scopes })).toBe(fault)
  })

  it.each([
    ['a member more', { ...BODY, ttl: 1 }, '(whole): expected no members but the documented ones'],
    ['no scope', { ...PLAIN, scopes: [] }, 'scopes: expected at least one scope'],
    [
      'a text of scopes',
      { ...PLAIN, scopes: 'chat:relay' },
      'scopes: expected a list; scopes: expected at most 4 scopes',
    ],
    ['a scope of back ends', { ...BODY, scopes: ['users:write'] }, `scopes.0: ${UNKNOWN}`],
    ['a scope twice', { ...PLAIN, scopes: ['chat:relay', 'chat:relay'] }, 'scopes: expected each scope once'],
    ['channels without the scope for RTC', { ...BODY, scopes: ['chat:relay'] }, UNFIT],
    ['no channel', { ...BODY, rtcChannelIds: [] }, 'rtcChannelIds: expected at least one channel'],
    ['a channel twice', { ...BODY, rtcChannelIds: ['a', 'a'] }, 'rtcChannelIds: expected each channel once'],
    ['five channels', { ...BODY, rtcChannelIds: [...'12345'] }, 'rtcChannelIds: expected at most 4 channels'],
    [
      'a channel of other characters',
      { ...BODY, rtcChannelIds: ['room 1'] },
      'rtcChannelIds.0: expected 1 to 64 of A-Z, a-z, 0-9, _ and -',
    ],
    [
      'a channel of 65 characters',
      { ...BODY, rtcChannelIds: ['r'.repeat(65)] },
      'rtcChannelIds.0: expected 1 to 64 of A-Z, a-z, 0-9, _ and -',
    ],
  ])('refuses %s', (_, body, fault) => {
    expect(faultsIn(request, body)).toBe(fault)
  })
})
