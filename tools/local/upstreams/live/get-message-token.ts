/** POST / with action GetMessageToken: a token for the long connection of one user's device. */

import { randomBytes } from 'node:crypto'
import { type Call, header, mediaType, type Reply } from '../call.ts'
import { authenticate } from './authenticate.ts'
import { errorReply, invalidParameter, LiveError, newRequestId, reply } from './errors.ts'
import type { LiveKey, LiveKeys } from './keys.ts'

const VERSION = '2016-11-01'
const DAY_MS = 86_400_000

const PARAMETERS = {
  AppId: /^[\s\S]+$/,
  DeviceId: /^[a-z0-9_-]{1,64}$/,
  DeviceType: /^(ios|android|web|pc)$/,
  UserId: /^[a-z0-9_.]{1,32}$/,
} as const

/** Signature first, limits last, as every call of Alibaba's. */
export const getMessageToken = (call: Call, keys: LiveKeys): Reply => {
  try {
    if (header(call, 'x-acs-version') !== VERSION) {
      throw new LiveError(400, 'InvalidVersion', 'Specified parameter Version is not valid.')
    }
    const key = authenticate(call, keys)
    if (!keys.countCall(key)) {
      throw new LiveError(400, 'Throttling.User', 'Request was denied due to user flow control.')
    }
    if (key.status === 'forbidden') {
      throw new LiveError(403, 'Forbidden', 'User not authorized to operate on the specified resource.')
    }
    checkParameters(call, key)
    const Result = {
      AccessToken: newToken(),
      AccessTokenExpiredTime: DAY_MS,
      RefreshToken: newToken(),
    }
    const content = { RequestId: newRequestId(), Result }
    return reply(call, { root: 'GetMessageTokenResponse', content })
  } catch (error) {
    if (!(error instanceof LiveError)) throw error
    return errorReply(call, error)
  }
}

/** All four stand in the form body, once each; one in the query is refused, whatever stands in the body. */
const checkParameters = (call: Call, { appIds }: LiveKey): void => {
  const query = new URLSearchParams(call.query)
  const isForm = mediaType(call) === 'application/x-www-form-urlencoded'
  const form = new URLSearchParams(isForm ? call.body.toString() : '')
  for (const [name, pattern] of Object.entries(PARAMETERS)) {
    const [value = '', ...more] = form.getAll(name)
    if (query.has(name) || more.length > 0 || !pattern.test(value)) throw invalidParameter()
  }
  if (!appIds.includes(form.get('AppId') ?? '')) throw invalidParameter()
}

const newToken = (): string => `oauth_cloud_key:${randomBytes(32).toString('base64url')}`
