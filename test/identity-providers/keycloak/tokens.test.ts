import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mintRsa } from '../../support/mint.ts'
import { codeOf, fresh, list, parts, world } from '../../support/oidc-world.ts'
import { call, TENANT } from '../../support/world.ts'
import { claimsOf, headerOf } from '../tokens.ts'
import {
  AUDIENCE,
  joinOrganization,
  makeRealm,
  OTHER_AUDIENCE,
  type Realm,
  realmAt,
  setOrganizationClaim,
  TOM,
  type UserTokens,
} from './realm.ts'
import { asBackEnd, asTom, backEnds, keycloak, shop, subjectOf, tomOf, useKeycloak, users } from './world.ts'

useKeycloak()

let tom: UserTokens
let job: string
let jobs: object
let otherRealm: Realm
beforeAll(async () => {
  await makeRealm(keycloak, 'other')
  otherRealm = realmAt(keycloak.url, 'other')
  tom = await shop.signIn('page')
  job = await shop.backEndToken('jobs')
  jobs = backEnds([await subjectOf('jobs'), await subjectOf('jobs-rfc9068')])
})
// Users and back ends side by side, with one audience, as docs/identity-providers.md has them.
beforeEach(() => list(users(), jobs))

describe('the tokens of a Keycloak as it comes', () => {
  it('are what its entry is made for', () => {
    expect(headerOf(tom.accessToken)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(claimsOf(tom.accessToken)).toMatchObject({ typ: 'Bearer', azp: 'page', name: TOM.name })
    expect(claimsOf(tom.accessToken)['sub']).toHaveLength(36)
    expect(claimsOf(tom.idToken)).toMatchObject({ typ: 'ID', azp: 'page', aud: 'page' })
    expect(headerOf(job)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(claimsOf(job)).toMatchObject({ typ: 'Bearer', azp: 'jobs', aud: [AUDIENCE, 'account'] })
  })
})

describe('a user of Keycloak', () => {
  it('gets an enterprise token under the id that a back end can compute, and CEC is told that it is good', async () => {
    const entered = await call(world, await fresh('putUser'), parts('putUser', job, tomOf(tom.accessToken)))
    expect(entered.status).toBe(200)
    const issued = await call(world, await fresh('issueEnterpriseToken'), {
      headers: { authorization: `Bearer ${tom.accessToken}` },
      body: { tenantSpaceId: TENANT },
    })
    expect([issued.status, issued.line.callerId]).toEqual([201, 'staff'])
    const { thirdUserToken: Token, thirdUserId: userId, thirdUserName: userName } = issued.body.thirdUserData
    expect({ userId, userName }).toEqual(tomOf(tom.accessToken))
    const { validateEnterpriseToken } = await import('../../../functions/validate-enterprise-token.ts')
    const body = { Token, userId, userName, tenantSpaceId: TENANT }
    const verdict = await call(world, validateEnterpriseToken(world.runtime()), { body })
    expect(verdict.body).toEqual({ retCode: 0, message: 'validate success' })
  })

  it('passes with the header typ JWT where the entry says that it may, and with at+jwt in any case', async () => {
    const { accessToken } = await shop.signIn('page-rfc9068')
    expect(headerOf(accessToken)['typ']).toBe('at+jwt')
    expect(await asTom(tom.accessToken)).toBe('CHAT_TOKEN_ISSUED')
    expect(await asTom(accessToken)).toBe('CHAT_TOKEN_ISSUED')
    list(users({ tokens: 'rfc9068' }))
    expect(await asTom(tom.accessToken)).toBe('OIDC_TYPE_REFUSED')
    expect(await asTom(accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('passes with an ID token only where the entry asks for ID tokens', async () => {
    expect(await asTom(tom.idToken)).toBe('OIDC_AUDIENCE_WRONG')
    list(users({ audience: 'page', clientIds: ['page'], acceptIdTokens: true }), jobs)
    expect(await asTom(tom.idToken)).toBe('CHAT_TOKEN_ISSUED')
    expect(await asTom(tom.accessToken)).toBe('OIDC_SUBJECT_UNKNOWN')
    list(users({ audience: 'page', clientIds: ['other-page'], acceptIdTokens: true }))
    expect(await asTom(tom.idToken)).toBe('OIDC_CLIENT_UNKNOWN')
  })

  it('has no use here for a refresh token', async () => {
    expect(await asTom(tom.refreshToken)).toBe('OIDC_HEADER_INVALID')
    expect(await asTom(tom.accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is refused with a token for another audience', async () => {
    const { accessToken } = await shop.signIn('page-of-another-api')
    expect(await asTom(accessToken)).toBe('OIDC_AUDIENCE_WRONG')
    list(users({ audience: OTHER_AUDIENCE, clientIds: ['page-of-another-api'] }))
    expect(await asTom(accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is refused with a token of a page that is not listed', async () => {
    const { accessToken } = await shop.signIn('other-page')
    expect(await asTom(accessToken)).toBe('OIDC_CLIENT_UNKNOWN')
    list(users({ clientIds: ['page', 'other-page'] }))
    expect(await asTom(accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is refused with a lightweight access token, which does not say whose it is', async () => {
    const { accessToken } = await shop.signIn('page-lightweight')
    expect(claimsOf(accessToken)).toMatchObject({ aud: AUDIENCE })
    expect(claimsOf(accessToken)).not.toHaveProperty('sub')
    list(users({ clientIds: ['page', 'page-lightweight'] }))
    expect(await codeOf('applyToken', accessToken)).toBe('OIDC_CLAIMS_INVALID')
    expect(await asTom(tom.accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is refused with a token of another realm, and has another id there', async () => {
    const { accessToken } = await otherRealm.signIn('page')
    expect(await asTom(accessToken)).toBe('OIDC_ISSUER_UNKNOWN')
    list(users(), users({ callerId: 'others', issuer: otherRealm.issuer }))
    expect(await asTom(accessToken)).toBe('CHAT_TOKEN_ISSUED')
    expect(tomOf(accessToken).userId).not.toBe(tomOf(tom.accessToken).userId)
  })

  it('may be told by a claim that is a userId as it stands', async () => {
    list(users({ userClaim: 'preferred_username' }))
    const asItStands = { userId: TOM.username, userName: TOM.name }
    expect(await codeOf('applyToken', tom.accessToken, asItStands)).toBe('CHAT_TOKEN_ISSUED')
    list(users({ userClaim: 'sub' }))
    expect(await codeOf('applyToken', tom.accessToken, asItStands)).toBe('OIDC_USER_INVALID')
  })
})

describe('a back end of Keycloak', () => {
  it('passes with the header typ JWT and with at+jwt, listed by the id of its service account', async () => {
    const other = await shop.backEndToken('jobs-rfc9068')
    expect(headerOf(other)['typ']).toBe('at+jwt')
    expect([await asBackEnd(job), await asBackEnd(other)]).toEqual(['USER_WRITTEN', 'USER_WRITTEN'])
  })

  it('is refused when it is not listed, whatever its audience', async () => {
    const unlisted = await shop.backEndToken('other-jobs')
    expect(await asBackEnd(unlisted)).toBe('OIDC_CLIENT_UNKNOWN')
    list(users(), backEnds([await subjectOf('other-jobs')]))
    expect(await asBackEnd(unlisted)).toBe('USER_WRITTEN')
    expect(await asBackEnd(job)).toBe('OIDC_CLIENT_UNKNOWN')
  })

  it('is refused with a token for another audience', async () => {
    const token = await shop.backEndToken('jobs-of-another-api')
    const subjects = [await subjectOf('jobs-of-another-api')]
    list(users(), backEnds(subjects))
    expect(await asBackEnd(token)).toBe('OIDC_AUDIENCE_WRONG')
    list(users(), backEnds(subjects, { audience: OTHER_AUDIENCE }))
    expect(await asBackEnd(token)).toBe('USER_WRITTEN')
  })

  it('is no user, and a user is no back end', async () => {
    // Its token names itself as a user's does; only the kind is wrong.
    list(users({ clientIds: ['page', 'jobs'], userNameClaim: 'preferred_username' }))
    expect(await codeOf('applyToken', job)).toBe('OIDC_NOT_A_USER')
    expect(await codeOf('putUser', tom.accessToken)).toBe('CALLER_KIND_REFUSED')
    list(users(), jobs)
    expect([await asTom(tom.accessToken), await asBackEnd(job)]).toEqual([
      'CHAT_TOKEN_ISSUED',
      'USER_WRITTEN',
    ])
  })
})

describe('the tenant of a user', () => {
  const mapped = (tenants: object) =>
    users({ issuer: otherRealm.issuer, tenant: undefined, tenantClaim: 'organization', tenants })

  beforeAll(() => joinOrganization(keycloak, 'other', 'acme'))

  it.each([
    ['a list of one', { 'jsonType.label': 'String' }, ['acme']],
    [
      'an object',
      { 'jsonType.label': 'JSON', addOrganizationId: 'true' },
      { acme: { id: expect.any(String) } },
    ],
  ])('may be the organisation that Keycloak names in %s', async (_, form, claim) => {
    await setOrganizationClaim(keycloak, 'other', form)
    const { accessToken } = await otherRealm.signIn('page', 'openid organization')
    expect(claimsOf(accessToken)['organization']).toEqual(claim)
    list(mapped({ acme: TENANT }))
    expect(await asTom(accessToken)).toBe('CHAT_TOKEN_ISSUED')
    list(mapped({ another: TENANT }))
    expect(await asTom(accessToken)).toBe('OIDC_TENANT_UNKNOWN')
  })

  it('is not known where the page has not asked for the scope organization', async () => {
    const { accessToken } = await otherRealm.signIn('page')
    list(mapped({ acme: TENANT }))
    expect(await asTom(accessToken)).toBe('OIDC_TENANT_UNKNOWN')
  })
})

describe('the keys of a realm', () => {
  it.each([
    ['PS256', 'CHAT_TOKEN_ISSUED'],
    ['ES256', 'CHAT_TOKEN_ISSUED'],
    ['ES384', 'CHAT_TOKEN_ISSUED'],
    ['EdDSA', 'OIDC_HEADER_INVALID'],
  ])('may be for another algorithm: %s is %s', async (alg, code) => {
    const { accessToken } = await otherRealm.signIn(`page-${alg}`)
    expect(headerOf(accessToken)['alg']).toBe(alg)
    list(users({ issuer: otherRealm.issuer, clientIds: [`page-${alg}`] }))
    expect(await asTom(accessToken)).toBe(code)
  })

  it('are those for signatures alone: the RSA-OAEP key beside them opens nothing', async () => {
    const set = await fetch(`${shop.issuer}/protocol/openid-connect/certs`).then((answer) => answer.json())
    const { keys } = set as { keys: { kid: string; use: string; alg: string }[] }
    const kids = Object.fromEntries(keys.map(({ use, kid }) => [use, kid]))
    expect(keys.map(({ use, alg }) => [use, alg]).sort()).toEqual([
      ['enc', 'RSA-OAEP'],
      ['sig', 'RS256'],
    ])
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const forged = (kid: string | undefined) =>
      mintRsa({ ...headerOf(tom.accessToken), kid }, claimsOf(tom.accessToken), privateKey, false)
    expect(await asTom(forged(kids['enc']))).toBe('OIDC_KEY_UNKNOWN')
    expect(await asTom(forged(kids['sig']))).toBe('OIDC_SIGNATURE_INVALID')
    expect(await asTom(tom.accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })
})
