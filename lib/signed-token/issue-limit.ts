/** So many tokens for one user in a minute, of either kind: a page in a loop, or a stolen caller key, shows at once. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Subject } from '../directory/directory.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../start/runtime.ts'
import { rateLimits } from '../table/rate-limit.ts'
import { tokensTable } from '../table/tokens-table.ts'

export interface IssueLimitSettings {
  readonly TOKENS_TABLE: string
  readonly ISSUES_PER_USER_AND_MINUTE: number
}

/** Counts a token before it is made. Throws RATE_EXCEEDED; never because the table cannot be asked. */
export const issueLimit = (
  { now }: Pick<Runtime, 'now'>,
  { TOKENS_TABLE, ISSUES_PER_USER_AND_MINUTE }: IssueLimitSettings,
  log: Log,
) => {
  const count = rateLimits({ table: tokensTable(TOKENS_TABLE, now), now, log })
  const limit = { seconds: 60, most: ISSUES_PER_USER_AND_MINUTE, field: 'userId' }
  return ({ tenantSpaceId, userId }: Subject, deadline: Deadline): Promise<void> =>
    count({ owner: 'issue', fields: [tenantSpaceId, userId], noted: { tenantSpaceId } }, limit, deadline)
}
