/** Keeps one tenant's machine token fresh: whether it is wanted at all, and under which settings. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { Table } from '../table/table.ts'
import type { Seen } from '../token-cache/items.ts'
import type { MachineSystem } from '../token-cache/machine-token.ts'
import type { SharedTokens } from '../token-cache/shared-tokens.ts'
import type { ServiceTokenSettings } from '../vendors/profile.ts'
import { fetchOf, type ServiceTokenSource, subjectOf } from '../vendors/service-token-source.ts'

/** For how long a tenant counts as active after a request for its token. */
const ACTIVE_MS = 24 * 3_600_000

export type WarmUp =
  /** There is a new token. */
  | 'refreshed'
  /** Somebody else has seen to it, or is at it. */
  | 'up-to-date'
  /** Nobody wants it kept fresh any more: until the next request, the schedule leaves it alone. */
  | 'dropped'

export interface Warmer {
  readonly system: MachineSystem
  /** `listed` is what the list showed of a due item; undefined for a tenant that may have none yet. */
  readonly warm: (tenantSpaceId: string, listed: Seen | undefined, deadline: Deadline) => Promise<WarmUp>
}

export interface WarmerDeps {
  readonly table: Table
  readonly shared: SharedTokens
  readonly now: () => Date
}

/**
 * The tenant's secret is read first: a tenant that has none any more loses its stored token, one with new credentials
 * gets a token for those. Throws what the secret, the table and the vendor throw.
 */
export const warmerOf = <Settings extends ServiceTokenSettings>(
  source: ServiceTokenSource<Settings>,
  { table, shared, now }: WarmerDeps,
): Warmer => {
  const isWanted = ({ warm }: Settings, listed: Seen | undefined): boolean =>
    warm === 'always' ||
    (warm === 'active' && (listed === undefined || now().getTime() - listed.usedAt < ACTIVE_MS))

  const unlist = ({ pk, generation }: Seen, deadline: Deadline): Promise<boolean> =>
    table.change(pk, { remove: ['listedIn'], ifSeen: { generation } }, deadline)

  return {
    system: source.system,
    warm: async (tenantSpaceId, listed, deadline) => {
      try {
        return await source.credentials(
          tenantSpaceId,
          async (attempt): Promise<WarmUp> => {
            const subject = subjectOf(source, attempt)
            const isSame = listed?.pk === (await shared.keyOf(subject, deadline))
            if (listed !== undefined && !isSame) await unlist(listed, deadline)
            if (!isWanted(attempt.settings, listed)) {
              if (listed !== undefined && isSame) await unlist(listed, deadline)
              return 'dropped'
            }
            const fetch = fetchOf(source, attempt)
            const isRefreshed = await shared.refresh(subject, isSame ? listed : undefined, fetch, deadline)
            return isRefreshed ? 'refreshed' : 'up-to-date'
          },
          deadline,
        )
      } catch (error) {
        if (!(error instanceof BridgeError) || error.code !== 'TENANT_WITHOUT_SYSTEM') throw error
        if (listed !== undefined) await table.remove(listed.pk, {}, deadline)
        return 'dropped'
      }
    },
  }
}
