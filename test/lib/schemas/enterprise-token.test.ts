import { describe, expect, it } from 'vitest'
import {
  EnterpriseTokenClaims,
  issueRequest,
  revocationRequest,
  ValidateRequest,
} from '../../../lib/schemas/enterprise-token.ts'
import { faultsIn, without } from '../../support/schemas.ts'

const IDS = { USER_ID_CHARACTERS: undefined, USER_ID_MAX_LENGTH: 32 }
const ISSUED_AT = 1_900_000_000
const CLAIMS = {
  iss: 'https://tokens.example.com',
  aud: 'urn:cec:202007159031',
  sub: '10010001',
  name: 'Tom',
  jti: 'a-token-id-of-22-chars',
  ver: '0.3',
  iat: ISSUED_AT,
  exp: ISSUED_AT + 300,
}

describe('lib/schemas/enterprise-token: EnterpriseTokenClaims', () => {
  it('takes what this system signs', () => {
    expect(faultsIn(EnterpriseTokenClaims, CLAIMS)).toBe('none')
  })

  it.each(Object.keys(CLAIMS))('demands %s', (claim) => {
    expect(faultsIn(EnterpriseTokenClaims, without(CLAIMS, claim))).toMatch(new RegExp(`^${claim}: `))
  })

  it.each([
    ['a claim more', { scope: 'x' }, '(whole): expected no members but the documented ones'],
    ['an audience of another kind', { aud: 'urn:x:1' }, 'aud: expected urn:cec:<tenantSpaceId>'],
    ['a list as audience', { aud: ['urn:cec:1'] }, 'aud: expected a string'],
    ['a short token id', { jti: 'a'.repeat(15) }, 'jti: expected 16 to 64 base64url characters'],
    ['one epoch', { ver: '3' }, 'ver: expected two epochs'],
  ])('refuses %s', (_, change, fault) => {
    expect(faultsIn(EnterpriseTokenClaims, { ...CLAIMS, ...change })).toBe(fault)
  })
})

describe('lib/schemas/enterprise-token: ValidateRequest', () => {
  const QUESTION = { Token: 'a.b.c', userId: '10010001', userName: 'Tom', tenantSpaceId: '202007159031' }

  it('takes four texts whatever they hold, and ignores members that CEC may add', () => {
    const odd = { ...QUESTION, userId: ' \u200b', tenantSpaceId: '../x' }
    expect(ValidateRequest.parse({ ...odd, channel: 'WEB' })).toEqual(odd)
  })

  it('brings the name to form NFC, and nothing else', () => {
    const decomposed = { ...QUESTION, userName: 'Zoe\u0308', userId: 'e\u0308' }
    expect(ValidateRequest.parse(decomposed)).toEqual({ ...decomposed, userName: 'Zo\u00eb' })
  })

  it.each(Object.keys(QUESTION))('refuses %s when it is absent, empty or no text', (member) => {
    for (const wrong of [undefined, '', 7, null])
      expect(faultsIn(ValidateRequest, { ...QUESTION, [member]: wrong })).toMatch(new RegExp(`^${member}: `))
  })
})

describe('lib/schemas/enterprise-token: issueRequest', () => {
  const BODY = { userId: '10010001', userName: 'Tom', tenantSpaceId: '202007159031' }

  it.each([
    ['all members', BODY],
    ['the tenant alone, of a caller that is a user', { tenantSpaceId: BODY.tenantSpaceId }],
    ['no tenant, of an identity provider’s token', without(BODY, 'tenantSpaceId')],
    ['nothing, of an identity provider’s user', {}],
  ])('takes %s', (_, body) => {
    expect(faultsIn(issueRequest(IDS), body)).toBe('none')
  })

  it.each([
    ['an unknown member', { ...BODY, role: 'x' }, '(whole): expected no members but the documented ones'],
    ['a tenant that is none', { ...BODY, tenantSpaceId: 1 }, 'tenantSpaceId: expected a string'],
  ])('refuses %s', (_, body, fault) => {
    expect(faultsIn(issueRequest(IDS), body)).toBe(fault)
  })

  it('holds a userId to the settings of the stage', () => {
    const short = issueRequest({ ...IDS, USER_ID_MAX_LENGTH: 4 })
    expect(faultsIn(short, { ...BODY, userId: 'tom1' })).toBe('none')
    expect(faultsIn(short, { ...BODY, userId: 'tom12' })).toBe('userId: expected 1 to 4 characters')
  })
})

describe('lib/schemas/enterprise-token: revocationRequest', () => {
  const TENANT = { tenantSpaceId: '202007159031' }
  const ONE = '(whole): expected one of userId, userAccount, jti and all'

  it.each([
    ['a user', { userId: '10010001' }],
    ['a token', { jti: CLAIMS.jti }],
    ['everybody', { all: true }],
  ])('takes %s', (_, subject) => {
    expect(faultsIn(revocationRequest(IDS), { ...TENANT, ...subject })).toBe('none')
  })

  it.each([
    ['nobody', {}, ONE],
    ['two subjects', { userId: '10010001', all: true }, ONE],
    ['all: false', { all: false }, 'all: expected true'],
  ])('refuses %s', (_, subject, fault) => {
    expect(faultsIn(revocationRequest(IDS), { ...TENANT, ...subject })).toContain(fault)
  })
})
