/** Callers of a world: pages of users, each with an access token that a back end has asked for, and back ends of few scopes. */

import { SCOPES } from '../../lib/schemas/callers.ts'
import { secret } from './canary.ts'
import { call, callersSecret, newCallerKey, PREFIX, TENANT, USER, type World } from './world.ts'

const PAGE = { origin: 'https://www.example.com', 'sec-fetch-site': 'cross-site' }

/** What a page sends besides its body. `grants`: members of the body of POST /access-tokens. */
export const pageOf = async (
  world: World & { readonly authorization: Record<string, string> },
  grants: { readonly scopes: readonly string[]; readonly rtcChannelIds?: readonly string[] },
): Promise<Record<string, string>> => {
  const { issueAccessToken } = await import('../../functions/issue-access-token.ts')
  const { body } = await call(world, issueAccessToken(world.runtime()), {
    headers: world.authorization,
    body: { ...USER, tenantSpaceId: TENANT, ...grants },
  })
  secret('access token', body.accessToken)
  return { ...PAGE, authorization: `Bearer ${body.accessToken}` }
}

/** Another back end with these scopes alone, beside the one that may do everything. For sandboxes that start afterwards. */
export const backEndWith = (world: World, scopes: readonly string[]): Record<string, string> => {
  const key = newCallerKey()
  world.secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([
      { callerId: 'shop', key: world.callerKey, scopes: SCOPES },
      { callerId: 'scoped', key, scopes },
    ]),
  )
  return { authorization: `Bearer ${key}` }
}
