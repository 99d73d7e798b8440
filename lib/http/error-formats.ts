/** How each system words a failure: `error-kinds.ts` says what is told, one function per system how. */

import type { BridgeError, ErrorKind } from '../errors.ts'
import { ERROR_KINDS, type KindOfError } from './error-kinds.ts'
import type { Answer, Success } from './responses.ts'

/** Words a failure in one system's own terms. */
export type ErrorFormat = (error: BridgeError, requestId: string) => Answer

const worded = (
  error: BridgeError,
): KindOfError & { readonly message: string; readonly headers: Record<string, string> } => {
  const kind = ERROR_KINDS[error.kind]
  const { retryAfterSeconds } = error.detail
  return {
    ...kind,
    message: kind.message ?? error.message,
    headers: {
      ...(error.kind === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  }
}

/** Our own routes: `{code, message, field?}`. A fixed sentence comes without code and field, which would say what it hides. */
export const ownErrors: ErrorFormat = (error) => {
  const { status, word, message, headers } = worded(error)
  const isHidden = ERROR_KINDS[error.kind].message !== undefined
  const { field } = error.detail
  const shown = status < 500 && !isHidden && field !== undefined ? { field } : {}
  return { status, headers, body: { code: isHidden ? word : error.code, message, ...shown } }
}

/** CEC's calls: `{errorCode, exceptionInfo}`, the code a string. */
export const cecErrors: ErrorFormat = (error) => {
  const { status, number, message, headers } = worded(error)
  return { status, headers, body: { errorCode: String(number), exceptionInfo: message } }
}

/** OIAP's call: `{errorCode, errorMsg}`, the code a number. */
export const oiapErrors: ErrorFormat = (error) => {
  const { status, number, message, headers } = worded(error)
  return { status, headers, body: { errorCode: number, errorMsg: message } }
}

/** Alibaba's calls: `{RequestId, Code, Message}`; the request id is ours. */
export const liveErrors: ErrorFormat = (error, requestId) => {
  const { status, word, message, headers } = worded(error)
  return { status, headers, body: { RequestId: requestId, Code: `TokenBridge.${word}`, Message: message } }
}

/** Alibaba's ready clients: `{code, message}`. They read `code` in the body, which is the status here. */
export const auiErrors: ErrorFormat = (error) => {
  const { status, message, headers } = worded(error)
  return { status, headers, body: { code: status, message } }
}

/** What CEC is told about an enterprise token: six classes and no more, so that the answer is no oracle. */
const RET_CODES = {
  valid: { retCode: 0, message: 'validate success' },
  malformed: { retCode: 1, message: 'malformed request' },
  notOurs: { retCode: 2, message: 'not a token of this system' },
  expired: { retCode: 3, message: 'token expired' },
  mismatch: { retCode: 4, message: 'token of another user or tenant' },
  notAdmitted: { retCode: 5, message: 'user not admitted' },
  unavailable: { retCode: 6, message: 'cannot be checked now' },
} as const

const CEC_VALIDATE: Partial<Record<ErrorKind, { retCode: number; message: string }>> = {
  malformed: RET_CODES.malformed,
  'too-large': RET_CODES.malformed,
  'not-ours': RET_CODES.notOurs,
  expired: RET_CODES.expired,
  mismatch: RET_CODES.mismatch,
  'not-admitted': RET_CODES.notAdmitted,
}

/** CEC's chatThirdPartyValidate (seed 002, table 2): always HTTP 200; the message is never empty. */
export const cecValidateErrors: ErrorFormat = ({ kind }) => ({
  status: 200,
  body: CEC_VALIDATE[kind] ?? RET_CODES.unavailable,
})

export const CEC_VALID: Success = { body: RET_CODES.valid }
