/** Whether a tenant's secret exists: reading it does not tell, where the reader may not read it. */

import { type Deadline, withinDeadline } from '../concurrency/deadline.ts'
import { type SecretList, SecretSourceError } from '../secrets/source.ts'
import type { Shared } from './share.ts'

export interface ListedDeps {
  readonly list: SecretList
  /** Of all secrets' names, such as `cec-token-bridge/prod`. */
  readonly prefix: string
}

/**
 * By Secrets Manager's list. Where that cannot be had either, the secret counts as existing: nothing of it is ended by a fault of
 * ours. Throws DEADLINE_EXCEEDED: the list itself knows no deadline.
 */
export const isListed = ({ list, prefix }: ListedDeps) => {
  const find = async (wanted: string): Promise<boolean> => {
    for await (const { secrets } of list(wanted)) if (secrets.some(({ name }) => name === wanted)) return true
    return false
  }

  return async ({ system, tenantSpaceId }: Shared, deadline: Deadline): Promise<boolean> => {
    try {
      return await withinDeadline(find(`${prefix}/tenants/${tenantSpaceId}/${system}`), deadline)
    } catch (error) {
      if (error instanceof SecretSourceError) return true
      throw error
    }
  }
}
