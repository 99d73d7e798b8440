/** POST /enterprise-tokens in a world of its own: the function, the validate route, and callers of every kind. */

import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import {
  callersSecret,
  newCallerKey,
  PREFIX,
  type RequestParts,
  startWorld,
  TENANT,
  USER,
  type World,
} from './world.ts'

export let world: World
export let newIssue: (changes?: { env?: Record<string, string>; now?: () => Date }) => HttpHandler
export let validate: HttpHandler
/** A new one for each test. */
export let issue: HttpHandler

export const keys = {
  vouching: newCallerKey('vouching key'),
  scopeless: newCallerKey('scopeless key'),
  elsewhere: newCallerKey('key for another tenant'),
  expired: newCallerKey('expired key'),
  two: newCallerKey('key for two tenants'),
}

/** Has the world started before the tests of a file, and ended after them. */
export const useIssuingWorld = (): void => {
  beforeAll(async () => {
    world = await startWorld()
    const functions = await import('../../functions/issue-enterprise-token.ts')
    const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
    newIssue = ({ env = {}, ...changes } = {}) =>
      functions.issueEnterpriseToken(world.runtime({ env: { ...process.env, ...env }, ...changes }))
    validate = validateEnterpriseToken(world.runtime())
    world.secretsManager.put(
      `${PREFIX}/callers`,
      callersSecret([
        { callerId: 'shop', key: world.callerKey },
        { callerId: 'vouching', key: keys.vouching, scopes: ['enterprise-token:issue', 'users:vouch'] },
        { callerId: 'scopeless', key: keys.scopeless, scopes: ['users:vouch'] },
        { callerId: 'elsewhere', key: keys.elsewhere, tenants: ['202007159032'] },
        { callerId: 'expired', key: keys.expired, expiresAt: Math.floor(Date.now() / 1000) - 1 },
        { callerId: 'two', key: keys.two, tenants: [TENANT, '202007159032'] },
      ]),
    )
  })
  afterAll(() => world.close())
  beforeEach(() => {
    issue = newIssue()
  })
}

export const GOOD = { ...USER, tenantSpaceId: TENANT }
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
export const good = (): RequestParts => ({ headers: bearer(world.callerKey), body: GOOD })
