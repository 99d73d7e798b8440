/** So many tokens for one user in a minute, of either kind: a page in a loop, or a stolen caller key, shows at once. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../start/runtime.ts'
import { rateLimits } from '../table/rate-limit.ts'
import { tokensTable } from '../table/tokens-table.ts'

export interface IssueLimitSettings {
  readonly TOKENS_TABLE: string
  readonly ISSUES_PER_USER_AND_MINUTE: number
}

/** A user, or an agent: of the same id they are counted apart. */
type Limited = { readonly tenantSpaceId: string } & (
  | { readonly userId: string; readonly userAccount?: never }
  | { readonly userAccount: string; readonly userId?: never }
)

/** Counts a token before it is made; whether the directory knows its user is for whoever calls. Throws RATE_EXCEEDED; never because the table cannot be asked. */
export const issueLimit = (
  { now }: Pick<Runtime, 'now'>,
  { TOKENS_TABLE, ISSUES_PER_USER_AND_MINUTE }: IssueLimitSettings,
  log: Log,
) => {
  const count = rateLimits({ table: tokensTable(TOKENS_TABLE, now), now, log })
  const limit = { seconds: 60, most: ISSUES_PER_USER_AND_MINUTE }
  return ({ tenantSpaceId, ...of }: Limited, deadline: Deadline): Promise<void> => {
    const fields =
      of.userId === undefined ? ['agent', tenantSpaceId, of.userAccount] : [tenantSpaceId, of.userId]
    const field = of.userId === undefined ? 'userAccount' : 'userId'
    return count({ owner: 'issue', fields, noted: { tenantSpaceId } }, { ...limit, field }, deadline)
  }
}
