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
const UNKNOWN = `expected scopes out of ${ACCESS_SCOPES.join(', ')}`

describe('lib/schemas/access-token: AccessTokenClaims', () => {
  it('takes what this system signs, and reads the scopes as a list', () => {
    expect(AccessTokenClaims.parse(CLAIMS)).toEqual({ ...CLAIMS, scope: ['chat-token:issue', 'chat:relay'] })
  })

  it.each(Object.keys(CLAIMS))('demands %s', (claim) => {
    expect(faultsIn(AccessTokenClaims, without(CLAIMS, claim))).toMatch(new RegExp(`^${claim}: `))
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
  }

  it('takes a user with every scope that a page may have', () => {
    expect(faultsIn(request, BODY)).toBe('none')
  })

  it('demands no tenant: an identity provider’s token names one', () => {
    expect(faultsIn(request, without(BODY, 'tenantSpaceId'))).toBe('none')
  })

  it.each(['userId', 'userName', 'scopes'])('demands %s', (member) => {
    expect(faultsIn(request, without(BODY, member))).toMatch(new RegExp(`^${member}: `))
  })

  it.each([
    [24, ['chat:relay'], 'none'],
    [25, ['chat:relay'], 'userId: expected 1 to 24 characters of a user who may chat'],
    [25, ['live-token:issue', 'chat-token:issue'], 'none'],
    [32, ['live-token:issue'], 'none'],
  ])('takes or refuses a userId of %i characters with %j: %s', (length, scopes, fault) => {
    expect(faultsIn(request, { ...BODY, userId: '\u{20000}'.repeat(length), scopes })).toBe(fault)
  })

  it.each([
    ['a member more', { ...BODY, ttl: 1 }, '(whole): expected no members but the documented ones'],
    ['no scope', { ...BODY, scopes: [] }, 'scopes: expected at least one scope'],
    [
      'a text of scopes',
      { ...BODY, scopes: 'chat:relay' },
      'scopes: expected a list; scopes: expected at most 3 scopes',
    ],
    ['a scope of back ends', { ...BODY, scopes: ['users:write'] }, `scopes.0: ${UNKNOWN}`],
    ['a scope twice', { ...BODY, scopes: ['chat:relay', 'chat:relay'] }, 'scopes: expected each scope once'],
  ])('refuses %s', (_, body, fault) => {
    expect(faultsIn(request, body)).toBe(fault)
  })
})
