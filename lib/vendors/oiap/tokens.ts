/** The tenant's token of one of OIAP's calls, as a route hands it over. */

import { createHash } from 'node:crypto'
import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import { secondsLeft } from '../../token-cache/service-token.ts'
import type { Connection } from '../connection.ts'
import type { RefreshedVendor } from '../profile.ts'
import { byForce, serviceTokenSource, serviceTokens } from '../service-token-source.ts'
import type { OiapSettings } from './settings.ts'

export interface OiapToken {
  readonly authToken: string
  /** Seconds that are left. */
  readonly expireTime: number
}

export interface OiapTokenQuestion {
  /** Must be the one of the tenant's settings. */
  readonly appKey: string
  /** SHA-256 of a token that was refused where it was used, as lower-case hex digits. */
  readonly refusedSha256: string | undefined
}

/**
 * The tenant's token. One that the caller says was refused is renewed, if it is the stored one, at most once
 * per minute. Repeated wrong secrets lock the account, so a refused one is not shown again.
 * Throws TENANT_FORBIDDEN, TENANT_WITHOUT_SYSTEM, TOKEN_STORE_UNAVAILABLE and the UPSTREAM_… codes.
 */
export const oiapTokens = (shared: Connection, profile: RefreshedVendor<OiapSettings>) => {
  const { now } = shared
  const source = serviceTokenSource(shared, profile)
  const tokens = serviceTokens(source, shared.tokens)
  return (
    tenantSpaceId: string,
    { appKey, refusedSha256 }: OiapTokenQuestion,
    deadline: Deadline,
  ): Promise<OiapToken> =>
    source.credentials(
      tenantSpaceId,
      async (attempt) => {
        if (appKey !== attempt.settings.appKey) throw otherAppKey()
        const known = await tokens.get(attempt)
        const isRefused = createHash('sha256').update(known.token).digest('hex') === refusedSha256
        const other = isRefused ? await tokens.replace(attempt, known, byForce(now)) : undefined
        const token = other ?? known
        // Of a token that is handed out, something is left; a client would take 0 for dead.
        return { authToken: token.token, expireTime: Math.max(1, secondsLeft(token, now())) }
      },
      deadline,
    )
}

const otherAppKey = () =>
  new BridgeError('TENANT_FORBIDDEN', "appKey: expected the one of this tenant's settings", {
    detail: { field: 'appKey' },
  })
