/** The routes and a real Keycloak beside them, and what both have in common: the entries of `issuers`, and Tom's id here. */

import { afterAll, beforeAll } from 'vitest'
import { codeOf, useRoutes } from '../../support/oidc-world.ts'
import { TENANT } from '../../support/world.ts'
import { documentedEntry } from '../documented.ts'
import { START_MS } from '../processes.ts'
import { claimsOf, shortUserId } from '../tokens.ts'
import { AUDIENCE, makeRealm, type Realm, realmAt, TOM } from './realm.ts'
import { type Keycloak, newKeycloak } from './server.ts'

export let keycloak: Keycloak
export let shop: Realm

/** Has both started before the tests of a file, and ended after them, whatever became of the start. */
export const useKeycloak = (): void => {
  useRoutes()
  beforeAll(async () => {
    keycloak = await newKeycloak()
    await keycloak.start()
    await makeRealm(keycloak, 'shop')
    shop = realmAt(keycloak.url, 'shop')
  }, START_MS)
  afterAll(() => keycloak?.close())
}

const own = (callerId: string) => ({ callerId, issuer: shop.issuer, audience: AUDIENCE, tenant: TENANT })
export const users = (changes: object = {}) =>
  documentedEntry('Keycloak', 'user', {
    ...own('staff'),
    clientIds: ['page', 'page-rfc9068'],
    scopes: ['chat-token:issue', 'enterprise-token:issue'],
    ...changes,
  })
export const backEnds = (subjects: readonly string[], changes: object = {}) =>
  documentedEntry('Keycloak', 'back-end', { ...own('jobs'), subjects, scopes: ['users:write'], ...changes })

export const tomOf = (token: string) => {
  const { iss, sub } = claimsOf(token)
  return { userId: shortUserId(String(iss), String(sub)), userName: TOM.name }
}
/** What comes of a user's token where Tom asks for a chat token. */
export const asTom = (token: string) => codeOf('applyToken', token, tomOf(token))
/** What comes of a back end's token where it enters a user. */
export const asBackEnd = (token: string) => codeOf('putUser', token)
/** The `sub` of a service account, which an operator reads from the admin console or API. */
export const subjectOf = async (client: string): Promise<string> => {
  const [{ id } = { id: '' }] = await keycloak.admin<{ id: string }[]>(
    'GET',
    `/shop/clients?clientId=${client}`,
  )
  return (await keycloak.admin<{ id: string }>('GET', `/shop/clients/${id}/service-account-user`)).id
}
