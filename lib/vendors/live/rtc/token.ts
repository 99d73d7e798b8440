/** A token of Alibaba's RTC, with which one user enters one channel. */

import {
  type ComputedTokenDeps,
  computedToken,
  DEFAULT_LIFETIME_SECONDS,
  tokenEnd,
  tokenNonce,
} from '../computed-token.ts'
import { type LiveRtcSettings, LONGEST_LIFETIME_SECONDS } from './settings.ts'

export interface LiveRtcTokenOrder {
  readonly channelId: string
  readonly userId: string
  /** Who will hold the token. */
  readonly holder: 'page' | 'back-end'
  /** Default one that `tokenNonce` makes. Alibaba's ready clients want an empty one. */
  readonly nonce?: string
}

/** The members have Alibaba's names: `joinChannel` takes them. */
export interface LiveRtcToken {
  readonly AppID: string
  readonly ChannelID: string
  readonly UserID: string
  readonly Nonce: string
  /** Epoch seconds at which the token ends: at most `LONGEST_LIFETIME_SECONDS` ahead. */
  readonly Timestamp: number
  readonly Token: string
}

/**
 * Computes the token: nobody is asked, nothing is kept, and nobody can revoke it. Does not check who asks, nor which
 * channels they may enter.
 */
export const liveRtcToken =
  ({ now, newId }: ComputedTokenDeps) =>
  (
    order: LiveRtcTokenOrder,
    { appId, appKey, lifetimeSeconds }: Omit<LiveRtcSettings, 'roomToken'>,
  ): LiveRtcToken => {
    const { channelId, userId, holder, nonce = tokenNonce(newId) } = order
    const timestamp = tokenEnd(now(), holder, lifetimeSeconds ?? defaultLifetimeSeconds(holder))
    return {
      AppID: appId,
      ChannelID: channelId,
      UserID: userId,
      Nonce: nonce,
      Timestamp: timestamp,
      Token: computedToken(appId, appKey, channelId, userId, nonce, String(timestamp)),
    }
  }

const defaultLifetimeSeconds = (holder: LiveRtcTokenOrder['holder']): number =>
  Math.min(DEFAULT_LIFETIME_SECONDS[holder], LONGEST_LIFETIME_SECONDS)
