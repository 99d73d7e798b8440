import { describe, expect, it } from 'vitest'
import { CallersSecret } from '../../../lib/schemas/callers.ts'
import { describeFaults } from '../../../lib/schemas/issues.ts'

const USERS = {
  callerId: 'staff',
  kind: 'user',
  issuer: 'https://idp.example.com/realms/staff',
  audience: 'https://tokens.example.com',
  tenant: '202007159031',
  scopes: ['enterprise-token:issue'],
}
const JOBS = {
  callerId: 'jobs',
  kind: 'back-end',
  issuer: 'https://idp.example.com/realms/staff',
  audience: 'https://tokens.example.com/jobs',
  tenant: '202007159031',
  scopes: ['users:write'],
  subjects: ['nightly-job'],
}
const MAPPED = { tenant: undefined, tenantClaim: 'org', tenants: { acme: '202007159031' } }

const parsed = (...issuers: object[]) => CallersSecret.safeParse({ callers: [], issuers })
const faultsOf = (...issuers: object[]) => {
  const { error } = parsed(...issuers)
  return error === undefined ? 'none' : describeFaults(error)
}

describe('lib/schemas/issuers, in the callers secret', () => {
  it('has defaults for a user’s claims, and takes no ID tokens unless told', () => {
    expect(parsed(USERS).data?.issuers[0]).toMatchObject({
      userClaim: 'sub',
      userNameClaim: 'name',
      acceptIdTokens: false,
    })
  })

  it.each([
    ['an entry of each kind for one issuer', [USERS, JOBS]],
    ['a map of tenants', [{ ...USERS, ...MAPPED }]],
    ['clients of access tokens', [{ ...USERS, clientIds: ['web-site'] }]],
    ['one audience for two kinds', [USERS, { ...JOBS, audience: USERS.audience }]],
    ['ID tokens of a client', [{ ...USERS, acceptIdTokens: true, clientIds: ['web-site'] }]],
    ['an audience of 200 characters of four bytes', [{ ...USERS, audience: '\u{20000}'.repeat(200) }]],
    ['a provider on this machine', [{ ...USERS, issuer: 'http://127.0.0.1:8080/realm' }]],
    [
      'a claim with a prefix and no map',
      [{ ...USERS, ...MAPPED, tenants: undefined, tenantPrefixes: ['acme-'] }],
    ],
    ['one audience of two issuers', [USERS, { ...USERS, callerId: 'b', issuer: 'https://b.example.com' }]],
  ])('takes %s', (_, issuers) => {
    expect(faultsOf(...issuers)).toBe('none')
  })

  const EITHER = 'issuers.0.tenant: expected either tenant, or tenantClaim with tenants or tenantPrefixes'
  const HTTPS = 'issuers.0.issuer: expected an https URL'
  const SHARED =
    'callerId, provider, issuer, jwksUri, audience, tokens, clientClaim, clientIds, requiredClaims, maxAgeSeconds, tenant, tenantClaim, tenants, tenantPrefixes, scopes'
  const CLIENTS = 'issuers.0.clientIds: expected clientIds with acceptIdTokens'
  const CALLER_ID = 'callerId: expected a callerId that no entry before has'
  it.each([
    ['no kind', [{ ...USERS, kind: undefined }], 'issuers.0.kind: expected kind "user" or "back-end"'],
    ['plain http', [{ ...USERS, issuer: 'http://idp.example.com' }], HTTPS],
    ['plain http to a name like loopback', [{ ...USERS, issuer: 'http://localhost.example.com' }], HTTPS],
    [
      'a user in the issuer',
      [{ ...USERS, issuer: 'https://a:b@idp.example.com' }],
      `${HTTPS} without a user before "@"`,
    ],
    [
      'a query in the issuer',
      [{ ...USERS, issuer: 'https://idp.example.com?x' }],
      `${HTTPS} without a query from "?" on`,
    ],
    ['no tenant', [{ ...USERS, tenant: undefined }], EITHER],
    ['a tenant and a claim', [{ ...USERS, ...MAPPED, tenant: '202007159031' }], EITHER],
    ['a tenant and a prefix', [{ ...USERS, tenantPrefixes: ['acme-'] }], EITHER],
    ['a prefix without a claim', [{ ...USERS, tenant: undefined, tenantPrefixes: ['acme-'] }], EITHER],
    ['a claim without a map', [{ ...USERS, ...MAPPED, tenants: undefined }], EITHER],
    ['a claim with an empty map', [{ ...USERS, ...MAPPED, tenants: {} }], EITHER],
    ['ID tokens of any client', [{ ...USERS, acceptIdTokens: true }], CLIENTS],
    [
      'a back end that anybody may be',
      [{ ...JOBS, subjects: [] }],
      'issuers.0.subjects: expected at least one',
    ],
    [
      'an audience of 201 characters',
      [{ ...USERS, audience: '\u{20000}'.repeat(201) }],
      'issuers.0.audience: expected 1 to 200 characters',
    ],
    [
      'a subject with a zero-width blank',
      [{ ...JOBS, subjects: ['nightly\u200b-job'] }],
      'issuers.0.subjects.0: expected no invisible character, but it holds U+200B: type it anew',
    ],
    [
      'an algorithm',
      [{ ...USERS, algorithms: ['HS256'] }],
      `issuers.0: expected no members but ${SHARED}, kind, userClaim, userIdForm, userNameClaim, nameFrom, acceptIdTokens`,
    ],
    [
      'ID tokens of a back end',
      [{ ...JOBS, acceptIdTokens: true }],
      `issuers.0: expected no members but ${SHARED}, kind, subjects`,
    ],
    [
      'one audience of an issuer and a kind twice',
      [USERS, { ...USERS, callerId: 'b', tenant: 'T2' }],
      'issuers.1.audience: expected an audience that no entry of this issuer and kind before has',
    ],
    ['one callerId twice', [USERS, { ...JOBS, callerId: 'staff' }], `issuers.1.${CALLER_ID}`],
  ])('refuses %s', (_, issuers, fault) => {
    expect(faultsOf(...issuers)).toBe(fault)
  })

  it('refuses a callerId that a caller with keys has', () => {
    const caller = {
      callerId: 'staff',
      keys: [{ sha256: 'a'.repeat(64), expiresAt: 1 }],
      tenants: ['t'],
      scopes: [],
    }
    const { error } = CallersSecret.safeParse({ callers: [caller], issuers: [USERS] })
    expect(error && describeFaults(error)).toBe(`issuers.0.${CALLER_ID}`)
    expect(
      CallersSecret.safeParse({ callers: [{ ...caller, callerId: 'shop' }], issuers: [USERS] }).success,
    ).toBe(true)
  })
})
