/** How each system words a failure: one table from kind of error to answer per system. */

import type { BridgeError, ErrorKind } from '../errors.ts'
import type { Answer } from './responses.ts'

/** Words a failure in one system's own terms. */
export type Dialect = (error: BridgeError) => Answer

/** A fixed sentence hides why; `undefined` shows the error's own message, which names fields and expectations alone. */
const OWN: Record<ErrorKind, { status: number; message?: string }> = {
  malformed: { status: 400 },
  'too-large': { status: 413 },
  unauthenticated: { status: 401, message: 'expected a valid caller key' },
  forbidden: { status: 403 },
  'not-found': { status: 404 },
  conflict: { status: 409 },
  'not-ours': { status: 400, message: 'expected a token of this system' },
  expired: { status: 400, message: 'expected a token of this system' },
  mismatch: { status: 400, message: 'expected a token of this system' },
  'not-admitted': { status: 400, message: 'expected a token of this system' },
  unavailable: { status: 503, message: 'not possible at the moment, try again later' },
  internal: { status: 500, message: 'something went wrong, quote the request id when you ask about it' },
}

/** Kinds whose exact code would tell a stranger too much. */
const PUBLIC_CODE: Partial<Record<ErrorKind, string>> = {
  unauthenticated: 'UNAUTHENTICATED',
  unavailable: 'UNAVAILABLE',
  internal: 'INTERNAL',
}

/** Our own routes: `{code, message, field?}`. */
export const ownDialect: Dialect = (error) => {
  const { status, message = error.message } = OWN[error.kind]
  const { field } = error.detail
  const showField = status < 500 && field !== undefined
  return {
    status,
    body: { code: PUBLIC_CODE[error.kind] ?? error.code, message, ...(showField ? { field } : {}) },
    ...(status === 401 ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
  }
}

/** What CEC is told: six classes and no more, so that the answer is no oracle. The exact code is in the log. */
const RET_CODES = {
  valid: { retCode: 0, message: 'validate success' },
  malformed: { retCode: 1, message: 'malformed request' },
  notOurs: { retCode: 2, message: 'not a token of this system' },
  expired: { retCode: 3, message: 'token expired' },
  mismatch: { retCode: 4, message: 'token of another user or tenant' },
  notAdmitted: { retCode: 5, message: 'user not admitted' },
  unavailable: { retCode: 6, message: 'cannot be checked now' },
} as const

const CEC: Record<ErrorKind, { retCode: number; message: string }> = {
  malformed: RET_CODES.malformed,
  'too-large': RET_CODES.malformed,
  'not-ours': RET_CODES.notOurs,
  expired: RET_CODES.expired,
  mismatch: RET_CODES.mismatch,
  'not-admitted': RET_CODES.notAdmitted,
  unauthenticated: RET_CODES.unavailable,
  forbidden: RET_CODES.unavailable,
  'not-found': RET_CODES.unavailable,
  conflict: RET_CODES.unavailable,
  unavailable: RET_CODES.unavailable,
  internal: RET_CODES.unavailable,
}

/** CEC's chatThirdPartyValidate (seed 002, table 2): always HTTP 200; the message is never empty. */
export const cecValidateDialect: Dialect = ({ kind }) => ({ status: 200, body: CEC[kind] })

export const CEC_VALID: Answer = { status: 200, body: RET_CODES.valid }
