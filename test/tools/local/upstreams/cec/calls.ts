/** The calls of CEC, good by default; each part can be changed. */

import { LOCAL_USER } from '../../../../../tools/local/constants.ts'
import type { CecSecret } from '../../../../../tools/local/upstreams/upstreams.ts'
import { type Answer, ask, post } from '../support.ts'

type Headers = Record<string, string | undefined>

export const CHANNEL = 'channel-7'
export const APPLY = { ...LOCAL_USER, channelId: CHANNEL, locale: 'en' } as const

export const tokenByAkSk = (
  { tokenUrl, appKey, appSecret }: CecSecret,
  headers: Headers = {},
  body: unknown = { app_key: appKey, app_secret: appSecret },
): Promise<Answer> => post(tokenUrl, body, { 'x-token-expire': '600', ...headers })

export const newBearer = async (secret: CecSecret, seconds = '600'): Promise<string> =>
  (await tokenByAkSk(secret, { 'x-token-expire': seconds })).json.AccessToken

export const withBearer = ({ appKey }: CecSecret, bearer: string): Headers => ({
  authorization: `Bearer ${bearer}`,
  'x-app-key': appKey,
})

export const applyToken = (
  secret: CecSecret,
  bearer: string,
  body: unknown = APPLY,
  headers: Headers = {},
): Promise<Answer> => post(secret.applyTokenUrl, body, { ...withBearer(secret, bearer), ...headers })

/** Everything that a chat needs. */
export interface Entry {
  secret: CecSecret
  bearer: string
  token: string
}

export const enter = async (secret: CecSecret, body: object = APPLY): Promise<Entry> => {
  const bearer = await newBearer(secret, '3600')
  return { secret, bearer, token: (await applyToken(secret, bearer, body)).json.token }
}

const headersOf = ({ secret, bearer, token }: Entry): Headers => ({
  ...withBearer(secret, bearer),
  'ccmessaging-token': token,
})

export const MESSAGE = {
  controlType: 'CHAT',
  channel: 'WEB',
  content: 'Good morning',
  from: LOCAL_USER.userId,
  to: CHANNEL,
  mediaType: 'TEXT',
  sourceType: 'CUSTOMER',
  timestamp: '1768478400000',
}

export const send = (entry: Entry, change: object = {}, headers: Headers = {}): Promise<Answer> =>
  post(`${entry.secret.chatUrl}/send`, { ...MESSAGE, ...change }, { ...headersOf(entry), ...headers })

export const poll = (
  entry: Entry,
  query: Record<string, string> = { receiverId: LOCAL_USER.userId, channel: 'WEB' },
  init: RequestInit = {},
): Promise<Answer> =>
  ask(`${entry.secret.chatUrl}/poll?${new URLSearchParams(query)}`, {
    headers: headersOf(entry) as Record<string, string>,
    ...init,
  })
