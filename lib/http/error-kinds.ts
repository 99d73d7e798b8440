/** What each kind of failure is to a caller and to the log: one table, whose numbers and words are part of the contract. */

import type { ErrorKind } from '../errors.ts'
import type { LogLevel } from '../log.ts'

export interface KindOfError {
  /** Never 200: a client may judge by it. */
  readonly status: number
  /** For systems whose codes are numbers: above every number of the vendors' documents. */
  readonly number: number
  /** For systems whose codes are names; on our own routes too where `message` hides why. */
  readonly word: string
  /** Default INFO: refusals are daily business. What an operator should look at is louder. */
  readonly level?: LogLevel
  /** A fixed sentence hides why; without one the error's own message is shown: fields and expectations alone. */
  readonly message?: string
}

const HIDDEN: KindOfError = {
  status: 400,
  number: 990_004_000,
  word: 'TOKEN_REFUSED',
  message: 'expected a token of this system',
}

export const ERROR_KINDS: Readonly<Record<ErrorKind, KindOfError>> = {
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
  'no-system': { status: 404, number: 990_004_042, word: 'NO_SYSTEM', level: 'WARN' },
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
    level: 'ERROR',
    message: 'something went wrong, quote the request id when you ask about it',
  },
  'vendor-reply': { status: 502, number: 990_005_020, word: 'VENDOR_REPLY' },
  'vendor-credential': { status: 502, number: 990_005_023, word: 'VENDOR_CREDENTIAL', level: 'WARN' },
  'vendor-entitlement': { status: 502, number: 990_005_024, word: 'VENDOR_ENTITLEMENT', level: 'WARN' },
  'vendor-file': { status: 502, number: 990_005_027, word: 'VENDOR_FILE' },
  'vendor-address': { status: 502, number: 990_005_026, word: 'VENDOR_ADDRESS', level: 'WARN' },
  'vendor-refusal': { status: 503, number: 990_005_035, word: 'VENDOR_REFUSAL', level: 'WARN' },
  unavailable: {
    status: 503,
    number: 990_005_030,
    word: 'UNAVAILABLE',
    level: 'ERROR',
    message: 'not possible at the moment, try again later',
  },
  kms: { status: 503, number: 990_005_036, word: 'KMS', level: 'ERROR' },
  timeout: { status: 504, number: 990_005_040, word: 'TIMEOUT' },
}
