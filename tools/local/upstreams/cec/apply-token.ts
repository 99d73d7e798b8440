/** POST /apiaccess/ccmessaging/applyToken: a chat token for one user on one channel. */

import { type Call, json, jsonObject, mediaType, type Reply } from '../call.ts'
import { authorize } from './authorize.ts'
import { cecError } from './errors.ts'
import type { CecState } from './state.ts'

const MEMBERS = ['userId', 'userName', 'channelId', 'locale'] as const
const MAX_USER_ID = 32

/** The language alone until 2023, with or without the country since. */
const LOCALE = /^[a-z]{2,3}(_[A-Z]{2})?$/

export const applyToken = (call: Call, state: CecState): Reply => {
  if (call.method !== 'POST') return cecError(405, 'POST only')
  const authorized = authorize(call, state)
  if ('refusal' in authorized) return authorized.refusal
  if (mediaType(call) !== 'application/json') return cecError(400, 'Content-Type must be application/json')
  const fields = jsonObject(call.body) ?? {}
  const wrong = MEMBERS.find((member) => typeof fields[member] !== 'string' || fields[member] === '')
  if (wrong !== undefined) return cecError(400, `${wrong} must be a string and not empty`)
  const { userId, channelId, locale } = fields as Record<(typeof MEMBERS)[number], string>
  if ([...userId].length > MAX_USER_ID) return cecError(400, 'userId must have 1 to 32 characters')
  if (!LOCALE.test(locale)) return cecError(400, 'locale must be a language, or language_COUNTRY')
  const { tenantSpaceId } = authorized.app
  const token = state.issueChatToken({ tenantSpaceId, channelId, userId })
  return json(200, { token, resultCode: '0', resultDesc: '' })
}
