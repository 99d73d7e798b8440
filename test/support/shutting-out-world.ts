/** A stage whose operator shuts users out and keeps them in step, as both tests of that need it. */

import type { HttpHandler } from '../../lib/http/handler.ts'
import { call, callersSecret, newCallerKey, PREFIX, startWorld, TENANT, type World } from './world.ts'

export let world: World
export let handlers: Record<'issue' | 'revoke' | 'put', HttpHandler>
export let newValidate: (at?: () => Date) => HttpHandler
export const key = newCallerKey('operator key')

/** Before all tests of a file; `world` is then closed by the file. */
export const startShuttingOut = async (): Promise<void> => {
  world = await startWorld()
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([
      { callerId: 'shop', key: world.callerKey },
      {
        callerId: 'operator',
        key,
        scopes: ['enterprise-token:issue', 'enterprise-token:revoke', 'users:write'],
      },
    ]),
  )
  const runtime = world.runtime()
  handlers = {
    issue: (await import('../../functions/issue-enterprise-token.ts')).issueEnterpriseToken(runtime),
    revoke: (await import('../../functions/revoke-enterprise-tokens.ts')).revokeEnterpriseTokens(runtime),
    put: (await import('../../functions/put-user.ts')).putUser(runtime),
  }
  const { validateEnterpriseToken } = await import('../../functions/validate-enterprise-token.ts')
  newValidate = (at) => validateEnterpriseToken(world.runtime(at === undefined ? {} : { now: at }))
}

export const as = (body: object, caller = key) => ({ headers: { authorization: `Bearer ${caller}` }, body })
export const put = (user: object) =>
  call(world, handlers.put, as({ tenantSpaceId: TENANT, userName: 'Ann', status: 'active', ...user }))
export const revoke = (subject: object) =>
  call(world, handlers.revoke, as({ tenantSpaceId: TENANT, ...subject }))
export const issue = async (userId: string, userName = 'Ann') => {
  const { body, line } = await call(world, handlers.issue, as({ tenantSpaceId: TENANT, userId, userName }))
  return { token: body.token as string, jti: line.jti ?? '' }
}
export const verdict = async (validate: HttpHandler, token: string, userId: string, userName = 'Ann') =>
  (await call(world, validate, { body: { Token: token, userId, userName, tenantSpaceId: TENANT } })).line.code
export const halfASecond = () => new Promise((resolve) => setTimeout(resolve, 500))
