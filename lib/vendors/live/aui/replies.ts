/** What Alibaba's ready clients (AUI Kits) take for an answer. They read `code` in the body besides the status. */

import type { LiveImToken } from '../im/token.ts'
import type { LiveMessageToken } from '../message-token.ts'
import type { LiveRtcToken } from '../rtc/token.ts'

const OK = 200

const oldMessaging = ({ result: { AccessToken, RefreshToken } }: LiveMessageToken) => ({
  access_token: AccessToken,
  ...(RefreshToken === undefined ? {} : { refresh_token: RefreshToken }),
})

export const auiLiveTokenV1 = (token: LiveMessageToken) => ({ code: OK, ...oldMessaging(token) })

export interface MessagingTokens {
  readonly aliyun_old?: LiveMessageToken | undefined
  readonly aliyun_new?: LiveImToken | undefined
}

/** A member for each messaging that was asked for. */
export const auiLiveTokenV2 = ({ aliyun_old, aliyun_new }: MessagingTokens) => ({
  code: OK,
  ...(aliyun_old === undefined ? {} : { aliyun_old_im: oldMessaging(aliyun_old) }),
  ...(aliyun_new === undefined ? {} : { aliyun_new_im: aliyun_new }),
})

/** How the token of `getRtcAuthToken` for rooms is written is in no document at hand: the settings say it. */
export const auiRtcTokenV1 = (token: LiveRtcToken, form: 'hash' | 'base64') => ({
  code: OK,
  auth_token: form === 'hash' ? token.Token : base64(token),
  timestamp: token.Timestamp,
})

export const auiRtcTokenV2 = (token: LiveRtcToken) => ({
  code: OK,
  rtc_auth_token: base64(token),
  channel_id: token.ChannelID,
  timestamp: token.Timestamp,
})

/** The form that `joinChannel` of their newer kits takes. */
const base64 = ({ AppID, ChannelID, UserID, Nonce, Timestamp, Token }: LiveRtcToken): string => {
  const members = {
    appid: AppID,
    channelid: ChannelID,
    userid: UserID,
    nonce: Nonce,
    timestamp: Timestamp,
    token: Token,
  }
  return Buffer.from(JSON.stringify(members), 'utf8').toString('base64')
}
