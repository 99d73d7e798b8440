/** For functions with service tokens: a request without a tenant never comes to their table. */

import { lengthPrefixed } from '../schemas/length-prefixed.ts'
import { tokensTable } from '../table/tokens-table.ts'
import type { PrimingRequests } from './primed.ts'
import { NOWHERE } from './throw-away.ts'

/**
 * The same requests, and a read of an item of the tokens' table that does not exist. Its key begins like the items of the route's
 * system, the first one where it has two: a function's role may read no others.
 */
export const withTokensTable = (requests: PrimingRequests): PrimingRequests => {
  const [system = ''] = requests.route.tenantSecrets ?? []
  return {
    ...requests,
    alsoRead: ({ env, now }, deadline) =>
      tokensTable(env['TOKENS_TABLE'] ?? '', now).get(lengthPrefixed(system, NOWHERE), deadline),
  }
}
