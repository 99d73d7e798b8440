/** OIAP's calls for a token, which differ in path and password alone: key and secret against a token. */

import { randomBytes } from 'node:crypto'
import { type Call, header, json, jsonObject, type Reply } from '../call.ts'
import type { Decision, OiapAccounts } from './accounts.ts'

/** The one content type that the document allows; case and blanks as HTTP has them. */
const CONTENT_TYPE = /^application\/json *; *charset="?utf-8"?$/i

/** The codes are documented, their texts are ours. */
export const CODES = {
  internal: 10_000_001,
  parameter: 10_000_002,
  absent: 10_000_003,
  'unknown-key': 200_800_001,
  'wrong-secret': 200_800_002,
  locked: 200_800_003,
} as const

const MESSAGES: Record<Exclude<Decision, 'good'>, string> = {
  'unknown-key': 'The key does not exist.',
  'wrong-secret': 'The key is wrong.',
  locked: 'The account is locked.',
}

/** Members of a failure: no token and no expiry. Status 200 is our reading, the document gives none. */
export const failure = (errorCode: string | number, errorMsg: string, status = 200): Reply =>
  json(status, { errorCode, errorMsg })

export const getToken = (call: Call, accounts: OiapAccounts, expireTime: number): Reply => {
  if (call.method !== 'POST') return { status: 405, headers: { allow: 'POST' }, body: '' }
  if (!CONTENT_TYPE.test(header(call, 'content-type'))) {
    return failure(CODES.parameter, 'Content-Type must be application/json; charset=UTF-8.')
  }
  const fields = jsonObject(call.body)
  if (fields === undefined) return failure(CODES.parameter, 'The body must be a JSON object.')
  for (const member of ['appKey', 'appSecret']) {
    const value = fields[member] ?? undefined
    if (value === undefined) return failure(CODES.absent, `${member} is absent.`)
    if (typeof value !== 'string' || value === '') return failure(CODES.parameter, `${member} is wrong.`)
  }
  const decision = accounts.check(String(fields['appKey']), String(fields['appSecret']))
  if (decision !== 'good') return failure(CODES[decision], MESSAGES[decision])
  const authToken = randomBytes(32).toString('base64url')
  return json(200, { errorCode: 0, errorMsg: '', authToken, expireTime })
}
