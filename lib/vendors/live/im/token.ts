/** A token of Alibaba's interactive messaging for one user, as its clients take it. */

import { BridgeError } from '../../../errors.ts'
import { type ComputedTokenDeps, computedToken, tokenEnd, tokenNonce } from '../computed-token.ts'
import { derivedUserId } from '../user-id.ts'
import type { Role } from './requests.ts'
import type { LiveImSettings } from './settings.ts'

/** Alibaba Live, "im-server-integration": at most 64 bytes of these. */
const USER_ID = /^[A-Za-z0-9_]{1,64}$/

export interface LiveImTokenOrder {
  readonly userId: string
  readonly role: Role
  /** Who will hold the token. */
  readonly holder: 'page' | 'back-end'
}

/** The members have Alibaba's names: its clients take the object as it is. */
export interface LiveImToken {
  readonly app_id: string
  readonly app_sign: string
  readonly app_token: string
  readonly auth: {
    readonly user_id: string
    readonly nonce: string
    /** Epoch seconds at which the token ends. */
    readonly timestamp: number
    readonly role: Role
  }
}

/**
 * Computes the token: nobody is asked, nothing is kept, and nobody can revoke it. Does not check who asks, nor who may be
 * admin. Throws BODY_INVALID for an id that does not fit, where the settings take ids as they are.
 */
export const liveImToken =
  ({ now, newId }: ComputedTokenDeps) =>
  ({ userId, role, holder }: LiveImTokenOrder, settings: LiveImSettings): LiveImToken => {
    const { appId, appKey, appSign, lifetimeSeconds } = settings
    const user_id = imUserId(userId, settings)
    const nonce = tokenNonce(newId)
    const timestamp = tokenEnd(now(), holder, lifetimeSeconds)
    return {
      app_id: appId,
      app_sign: appSign,
      app_token: computedToken(appId, appKey, user_id, nonce, String(timestamp), role),
      auth: { user_id, nonce, timestamp, role },
    }
  }

const imUserId = (userId: string, { userId: rule }: Pick<LiveImSettings, 'userId'>): string => {
  if (rule === 'sha256-32') return derivedUserId(userId)
  if (USER_ID.test(userId)) return userId
  throw new BridgeError('BODY_INVALID', 'userId: expected 1 to 64 of A-Z, a-z, 0-9 and _', {
    detail: { field: 'userId' },
  })
}
