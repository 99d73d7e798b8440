/** For functions with service tokens: a request without a tenant never comes to their table. */

import { tokensTable } from '../table/tokens-table.ts'
import type { PrimingRequests } from './primed.ts'
import { NOWHERE } from './throw-away.ts'

/** The same requests, and a read of an item of the tokens' table that does not exist. */
export const withTokensTable = (requests: PrimingRequests): PrimingRequests => ({
  ...requests,
  alsoRead: ({ env, now }, deadline) => tokensTable(env['TOKENS_TABLE'] ?? '', now).get(NOWHERE, deadline),
})
