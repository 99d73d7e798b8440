/** The identity providers of the attacks: a real one, and a rival that publishes keys of its own under the same key ids. */

import { createPublicKey, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SCOPES } from '../../lib/schemas/callers.ts'
import {
  BACK_END,
  BACK_END_AUDIENCE,
  type IdentityProvider,
  startIdentityProvider,
  USER_AUDIENCE,
} from '../support/identity-provider.ts'
import { foreignKey } from '../support/mint.ts'
import { TENANT } from '../support/world.ts'

export const OTHER_TENANT = '202007159032'
/** The `aud` of tokens that may do nothing. */
export const NARROW_AUDIENCE = 'https://tokens.test.invalid/narrow'
/** The `aud` of users' tokens that may do everything. */
export const MIGHTY_AUDIENCE = 'https://tokens.test.invalid/mighty'
/** The client of the rival's whose ID tokens are taken. */
export const SITE = 'rival-site'

export interface Providers {
  readonly main: IdentityProvider
  readonly rival: { readonly issuer: string; readonly kid: string; readonly key: KeyObject }
  /** Entries of the callers secret. */
  readonly issuers: readonly object[]
  /** Requests to either since the last reset. */
  readonly calls: () => number
  readonly resetCalls: () => void
  readonly close: () => Promise<void>
}

export const startProviders = async (): Promise<Providers> => {
  const main = await startIdentityProvider()
  const rival = await startRival(main)
  return {
    main,
    rival,
    issuers: issuersOf(main.issuer, rival.issuer),
    calls: () => main.requests.length,
    resetCalls: () => {
      main.requests.length = 0
    },
    close: async () => {
      await Promise.all([main.close(), rival.close()])
    },
  }
}

/** Counts its requests with the other's. */
const startRival = async ({ ecKey: { kid }, requests }: IdentityProvider) => {
  const key = foreignKey()
  const keys = [{ ...createPublicKey(key).export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }]
  const server = createServer((request, response) => {
    requests.push(String(request.url))
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : { issuer, jwks_uri: `${issuer}/jwks` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { issuer, kid, key, close }
}

const USER_SCOPES = ['enterprise-token:issue', 'chat-token:issue', 'chat:relay', 'live-token:issue']

const issuersOf = (main: string, rival: string): readonly object[] => {
  const user = { kind: 'user', issuer: main, audience: USER_AUDIENCE, tenant: TENANT, scopes: USER_SCOPES }
  return [
    { ...user, callerId: 'staff' },
    // More than users need: what a user may not do, its kind alone forbids.
    { ...user, callerId: 'all-powerful-staff', audience: MIGHTY_AUDIENCE, scopes: SCOPES },
    { ...user, callerId: 'powerless-staff', audience: NARROW_AUDIENCE, scopes: [] },
    { ...user, callerId: 'rival-staff', issuer: rival, tenant: OTHER_TENANT },
    {
      callerId: 'rival-site',
      kind: 'user',
      issuer: rival,
      audience: SITE,
      tenantClaim: 'org',
      tenants: { acme: TENANT },
      scopes: USER_SCOPES,
      acceptIdTokens: true,
      clientIds: [SITE],
    },
    {
      callerId: 'jobs',
      kind: 'back-end',
      issuer: main,
      audience: BACK_END_AUDIENCE,
      tenant: TENANT,
      subjects: [BACK_END],
      scopes: SCOPES,
    },
  ]
}
