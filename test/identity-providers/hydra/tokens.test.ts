import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, list, useRoutes } from '../../support/oidc-world.ts'
import { TENANT, USER } from '../../support/world.ts'
import { documentedEntry } from '../documented.ts'
import { START_MS } from '../processes.ts'
import { claimsOf, headerOf } from '../tokens.ts'
import { type Hydra, startHydra } from './server.ts'

const AUDIENCE = 'https://tokens.test.invalid'
const OTHER_AUDIENCE = 'https://other.test.invalid'

useRoutes()

let hydra: Hydra
let page: string
let job: string
let tom: { accessToken: string; idToken: string }
beforeAll(async () => {
  hydra = await startHydra()
  page = await hydra.newPage(AUDIENCE)
  job = await hydra.newBackEnd(AUDIENCE)
  tom = await hydra.signIn(page, { ...USER, audience: AUDIENCE })
}, START_MS)
afterAll(() => hydra?.close())

const own = (callerId: string) => ({ callerId, issuer: hydra.issuer, audience: AUDIENCE, tenant: TENANT })
const users = (changes: object = {}) =>
  documentedEntry('Ory Hydra', 'user', {
    ...own('staff'),
    clientIds: [page],
    scopes: ['chat-token:issue'],
    ...changes,
  })
const backEnds = (changes: object = {}) =>
  documentedEntry('Ory Hydra', 'back-end', {
    ...own('jobs'),
    subjects: [job],
    scopes: ['users:write'],
    ...changes,
  })
beforeEach(() => list(users(), backEnds()))

describe('the tokens of an Ory Hydra', () => {
  it('are what its entry is made for', () => {
    expect(headerOf(tom.accessToken)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(claimsOf(tom.accessToken)).toMatchObject({
      aud: [AUDIENCE],
      client_id: page,
      sub: USER.userId,
      ext: { name: USER.userName },
    })
    expect(claimsOf(tom.idToken)).toMatchObject({ aud: [page], sub: USER.userId })
    expect(claimsOf(tom.idToken)).not.toHaveProperty('azp')
  })
})

describe('a user of Hydra', () => {
  it('passes with the header typ JWT and a nested name where the entry says so', async () => {
    expect(await codeOf('applyToken', tom.accessToken)).toBe('CHAT_TOKEN_ISSUED')
    list(users({ tokens: 'rfc9068' }))
    expect(await codeOf('applyToken', tom.accessToken)).toBe('OIDC_TYPE_REFUSED')
    list(users({ userNameClaim: 'name' }))
    expect(await codeOf('applyToken', tom.accessToken)).toBe('OIDC_USER_INVALID')
  })

  it('passes with an ID token, which names no azp, only where the entry asks for ID tokens', async () => {
    expect(await codeOf('applyToken', tom.idToken)).toBe('OIDC_AUDIENCE_WRONG')
    const idTokens = { audience: page, tokens: 'rfc9068', acceptIdTokens: true, userNameClaim: 'name' }
    list(users(idTokens))
    expect(await codeOf('applyToken', tom.idToken)).toBe('CHAT_TOKEN_ISSUED')
    list(users({ ...idTokens, clientIds: ['another-page'] }))
    expect(await codeOf('applyToken', tom.idToken)).toBe('OIDC_CLIENT_UNKNOWN')
  })

  it('is refused with a token of another page, or for another audience', async () => {
    const otherPage = await hydra.newPage(AUDIENCE)
    const { accessToken } = await hydra.signIn(otherPage, { ...USER, audience: AUDIENCE })
    expect(await codeOf('applyToken', accessToken)).toBe('OIDC_CLIENT_UNKNOWN')
    list(users({ clientIds: [page, otherPage] }))
    expect(await codeOf('applyToken', accessToken)).toBe('CHAT_TOKEN_ISSUED')
    const pageOfAnother = await hydra.newPage(OTHER_AUDIENCE)
    const other = await hydra.signIn(pageOfAnother, { ...USER, audience: OTHER_AUDIENCE })
    expect(await codeOf('applyToken', other.accessToken)).toBe('OIDC_AUDIENCE_WRONG')
    list(users({ audience: OTHER_AUDIENCE, clientIds: [pageOfAnother] }))
    expect(await codeOf('applyToken', other.accessToken)).toBe('CHAT_TOKEN_ISSUED')
  })
})

describe('a back end of Hydra', () => {
  it('passes by the id of its client, beside users of the same audience', async () => {
    expect(await codeOf('putUser', await hydra.backEndToken(job, AUDIENCE))).toBe('USER_WRITTEN')
    expect(await codeOf('putUser', tom.accessToken)).toBe('CALLER_KIND_REFUSED')
  })

  it('is refused when it is not listed, also where users are taken', async () => {
    const unlisted = await hydra.newBackEnd(AUDIENCE)
    const token = await hydra.backEndToken(unlisted, AUDIENCE)
    expect(await codeOf('putUser', token)).toBe('OIDC_CLIENT_UNKNOWN')
    list(users({ clientIds: [page, unlisted] }))
    expect(await codeOf('applyToken', token)).toBe('OIDC_NOT_A_USER')
    list(backEnds({ subjects: [unlisted] }))
    expect(await codeOf('putUser', token)).toBe('USER_WRITTEN')
  })
})
