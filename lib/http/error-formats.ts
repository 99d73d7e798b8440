/** How each system words a failure: one table says what is told, one function per system how. */

import type { BridgeError, ErrorKind } from '../errors.ts'
import type { Answer } from './responses.ts'

/** Words a failure in one system's own terms. */
export type Dialect = (error: BridgeError, requestId: string) => Answer

interface Wording {
  readonly status: number
  /** For systems whose codes are numbers: above every number of the vendors' documents. Part of the contract, so never made. */
  readonly number: number
  /** For systems whose codes are names. */
  readonly word: string
  /** A fixed sentence hides why; without one the error's own message is shown: fields and expectations alone. */
  readonly message?: string
}

const HIDDEN = {
  status: 400,
  number: 990_004_000,
  word: 'TOKEN_REFUSED',
  message: 'expected a token of this system',
}

/** Never status 200: a client may judge by it. */
const WORDINGS: Readonly<Record<ErrorKind, Wording>> = {
  malformed: { status: 400, number: 990_004_000, word: 'MALFORMED' },
  'vendor-values': { status: 400, number: 990_004_007, word: 'VENDOR_VALUES' },
  'too-large': { status: 413, number: 990_004_130, word: 'TOO_LARGE' },
  unauthenticated: {
    status: 401,
    number: 990_004_010,
    word: 'UNAUTHENTICATED',
    message: 'expected a valid credential',
  },
  'chat-token': { status: 401, number: 990_004_011, word: 'CHAT_TOKEN_REFUSED' },
  forbidden: { status: 403, number: 990_004_030, word: 'FORBIDDEN' },
  'not-found': { status: 404, number: 990_004_040, word: 'NOT_FOUND' },
  'no-system': { status: 404, number: 990_004_042, word: 'NO_SYSTEM' },
  conflict: { status: 409, number: 990_004_090, word: 'CONFLICT' },
  'not-ours': HIDDEN,
  expired: HIDDEN,
  mismatch: HIDDEN,
  'not-admitted': HIDDEN,
  throttled: { status: 429, number: 990_004_290, word: 'THROTTLED' },
  internal: {
    status: 500,
    number: 990_005_000,
    word: 'INTERNAL',
    message: 'something went wrong, quote the request id when you ask about it',
  },
  'vendor-reply': { status: 502, number: 990_005_020, word: 'VENDOR_REPLY' },
  'vendor-credential': { status: 502, number: 990_005_023, word: 'VENDOR_CREDENTIAL' },
  'vendor-entitlement': { status: 502, number: 990_005_024, word: 'VENDOR_ENTITLEMENT' },
  'vendor-address': { status: 502, number: 990_005_026, word: 'VENDOR_ADDRESS' },
  'vendor-refusal': { status: 503, number: 990_005_035, word: 'VENDOR_REFUSAL' },
  unavailable: {
    status: 503,
    number: 990_005_030,
    word: 'UNAVAILABLE',
    message: 'not possible at the moment, try again later',
  },
  timeout: { status: 504, number: 990_005_040, word: 'TIMEOUT' },
}

const worded = (
  error: BridgeError,
): Wording & { readonly message: string; readonly headers: Record<string, string> } => {
  const wording = WORDINGS[error.kind]
  const { retryAfterSeconds } = error.detail
  return {
    ...wording,
    message: wording.message ?? error.message,
    headers: {
      ...(error.kind === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  }
}

/** Kinds whose exact code would tell a stranger too much. */
const PUBLIC_CODE: Partial<Record<ErrorKind, string>> = {
  unauthenticated: 'UNAUTHENTICATED',
  unavailable: 'UNAVAILABLE',
  internal: 'INTERNAL',
}

/** Our own routes: `{code, message, field?}`. A fixed sentence comes without a field, which would say what it hides. */
export const ownDialect: Dialect = (error) => {
  const { status, message, headers } = worded(error)
  const { field } = error.detail
  const isHidden = WORDINGS[error.kind].message !== undefined
  const shown = status < 500 && !isHidden && field !== undefined ? { field } : {}
  return { status, headers, body: { code: PUBLIC_CODE[error.kind] ?? error.code, message, ...shown } }
}

/** CEC's calls: `{errorCode, exceptionInfo}`, the code a string. */
export const cecDialect: Dialect = (error) => {
  const { status, number, message, headers } = worded(error)
  return { status, headers, body: { errorCode: String(number), exceptionInfo: message } }
}

/** OIAP's call: `{errorCode, errorMsg}`, the code a number. */
export const oiapDialect: Dialect = (error) => {
  const { status, number, message, headers } = worded(error)
  return { status, headers, body: { errorCode: number, errorMsg: message } }
}

/** Alibaba's calls: `{RequestId, Code, Message}`; the request id is ours. */
export const liveDialect: Dialect = (error, requestId) => {
  const { status, word, message, headers } = worded(error)
  return { status, headers, body: { RequestId: requestId, Code: `TokenBridge.${word}`, Message: message } }
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
export const cecValidateDialect: Dialect = ({ kind }) => ({
  status: 200,
  body: CEC_VALIDATE[kind] ?? RET_CODES.unavailable,
})

export const CEC_VALID: Answer = { status: 200, body: RET_CODES.valid }
