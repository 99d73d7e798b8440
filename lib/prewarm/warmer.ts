/** Keeps one tenant's service token fresh: whether it is wanted at all, and under which settings. */

import type { Deadline } from '../concurrency/deadline.ts'
import { BridgeError } from '../errors.ts'
import type { DueToken } from '../token-cache/due-tokens.ts'
import type { TokenCache } from '../token-cache/token-cache.ts'
import type { ServiceTokenSettings } from '../vendors/profile.ts'
import { requestOf, type ServiceTokenSource } from '../vendors/service-token-source.ts'
import type { Shared } from './share.ts'

/** For how long a tenant counts as active after a request for its token. */
const ACTIVE_MS = 24 * 3_600_000

export type WarmUp =
  /** There is a new token. */
  | 'refreshed'
  /** Somebody else has seen to it, or is at it. */
  | 'up-to-date'
  /** Nobody wants it kept fresh any more: until the next request, the schedule leaves it alone. */
  | 'dropped'

export interface WarmUpTarget {
  readonly tenantSpaceId: string
  /** The due token; absent for a tenant that may have none yet. */
  readonly due?: DueToken
}

export interface Warmer {
  readonly system: string
  readonly warm: (target: WarmUpTarget, deadline: Deadline) => Promise<WarmUp>
}

export interface WarmerDeps {
  readonly tokens: Pick<TokenCache, 'refreshAhead' | 'drop'>
  readonly now: () => Date
  /** Whether there is such a secret. */
  readonly isListed: (of: Shared, deadline: Deadline) => Promise<boolean>
}

/** What Secrets Manager says of a secret that may not be read, and with a policy on exact names of one that does not exist too. */
const DENIED = 'AccessDeniedException'

/**
 * The tenant's secret is read first: a tenant that has none any more loses its stored token, one with new credentials
 * gets a token for those. One that is there and may not be read is SECRET_UNAVAILABLE. Throws what the secret, the table and the
 * vendor throw.
 */
export const warmerOf = <Settings extends ServiceTokenSettings>(
  source: ServiceTokenSource<Settings>,
  { tokens, now, isListed }: WarmerDeps,
): Warmer => {
  const isWanted = ({ warm }: Settings, due: DueToken | undefined): boolean =>
    warm === 'always' ||
    (warm === 'active' && (due === undefined || now().getTime() - due.usedAt < ACTIVE_MS))

  const { system } = source

  return {
    system,
    warm: async ({ tenantSpaceId, due }, deadline) => {
      try {
        return await source.credentials(
          tenantSpaceId,
          async (attempt): Promise<WarmUp> => {
            if (!isWanted(attempt.settings, due)) {
              if (due !== undefined) await tokens.drop(due, 'list', deadline)
              return 'dropped'
            }
            const isRefreshed = await tokens.refreshAhead(requestOf(source, attempt), due)
            return isRefreshed ? 'refreshed' : 'up-to-date'
          },
          deadline,
        )
      } catch (error) {
        if (!(error instanceof BridgeError) || error.code !== 'TENANT_WITHOUT_SYSTEM') throw error
        const { detail } = error
        // Else a right that was taken away would end the tokens of all tenants.
        if (detail.reason === DENIED && (await isListed({ system, tenantSpaceId }, deadline)))
          throw new BridgeError('SECRET_UNAVAILABLE', 'the secret exists and may not be read: allow it', {
            detail,
            cause: error,
          })
        if (due !== undefined) await tokens.drop(due, 'table', deadline)
        return 'dropped'
      }
    },
  }
}
