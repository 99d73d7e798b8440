/** POST /apigovernance/api/oauth/tokenByAkSk: app key and secret against an AccessToken. */

import { type Call, header, html, json, jsonObject, mediaType, type Reply } from '../call.ts'
import type { CecState } from './state.ts'

const MAX_EXPIRE_SECONDS = 3600

/** Nothing is documented of this call's failures; a bare status is what has been seen. */
const bare = (status: number): Reply => ({ status, headers: {}, body: '' })

export const tokenByAkSk = (call: Call, state: CecState): Reply => {
  if (call.method !== 'POST') return bare(405)
  if (mediaType(call) !== 'application/json') return bare(415)
  const seconds = expireSeconds(header(call, 'x-token-expire'))
  const { app_key: appKey, app_secret: appSecret } = jsonObject(call.body) ?? {}
  if (seconds === undefined || typeof appKey !== 'string' || typeof appSecret !== 'string') return bare(400)
  const app = state.app(appKey)
  // Both forms of a 403 have been seen for wrong keys, and both look like a firewall's.
  if (app === undefined) return bare(403)
  if (app.appSecret !== appSecret) return html(403, '403 Forbidden')
  return json(200, {
    AccessToken: state.issueAccessToken(appKey, seconds),
    ApplyType: 'Bearer',
    CreateTime: String(Math.floor(state.now() / 1000)),
    Expires: String(seconds),
    Scope: '',
    AppKey: appKey,
    UserID: 'Anonymous',
  })
}

const expireSeconds = (text: string): number | undefined => {
  const seconds = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : undefined
  return seconds !== undefined && seconds <= MAX_EXPIRE_SECONDS ? seconds : undefined
}
