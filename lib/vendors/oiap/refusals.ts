/** What OIAP's codes and statuses mean. By code first, but for throttling, which no code of theirs means. */

import {
  classOfStatus,
  type FailureClass,
  loggableCode,
  type UpstreamFailure,
  vendorRefusal,
} from '../../outbound/failures.ts'
import type { Reply } from '../../outbound/outbound.ts'
import { member } from '../../outbound/replies.ts'
import { codeText } from '../reply-members.ts'

/** OIAP's documented codes. A locked account is a credential failure: patience would lock it again. */
const BY_CODE: Readonly<Record<string, FailureClass>> = {
  '200800001': 'credential',
  '200800002': 'credential',
  '200800003': 'credential',
  '10000001': 'unavailable',
  '10000002': 'settings-refused',
  '10000003': 'settings-refused',
  '900001': 'unexpected-reply',
  '900002': 'unexpected-reply',
}
const LISTED: ReadonlySet<string> = new Set(Object.keys(BY_CODE))

/** Every 4xx that says nothing else may be a refusal of the secret, and wrong ones lock the account. */
const isUnclear = (status: number): boolean => status >= 400 && status < 500

/** The failure that an answer tells. Of an answer that is no failure it says that it is not understood. */
export const oiapRefusal = (reply: Reply): UpstreamFailure => {
  const { status } = reply
  const given = member(reply, 'errorCode')
  const code = given === undefined || given === '' ? undefined : codeText(given)
  const byCode = LISTED.has(String(code)) ? BY_CODE[String(code)] : undefined
  const byStatus = classOfStatus(status) ?? (isUnclear(status) ? 'refused-unclear' : undefined)
  // An unlisted code may be another word for a wrong secret: not to be tried with every request.
  const isCode = code !== undefined && code !== '0' && code !== '200'
  const otherwise = isCode ? 'refused-unclear' : 'unexpected-reply'
  return vendorRefusal(reply, {
    // No code of theirs means throttling, so there the status speaks.
    failure: (byCode !== 'credential' && status === 429 ? 'throttled' : byCode) ?? byStatus ?? otherwise,
    addressSetting: 'url',
    check: byCode === 'settings-refused' ? 'appKey and appSecret' : undefined,
    upstreamCode: given === undefined ? undefined : loggableCode(code, LISTED),
  })
}
