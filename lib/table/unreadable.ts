/** Which failures mean that the tokens table is of no use at the moment, whatever else is well. */

import { BridgeError, type ErrorCode } from '../errors.ts'

/** What counts as an unreadable table: the table itself, or the key without which its items are of no use. */
const UNREADABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TOKEN_STORE_UNAVAILABLE',
  'SECRET_UNAVAILABLE',
  'SECRET_KMS_REFUSED',
  'SECRET_MALFORMED',
])

export const isUnreadable = (error: unknown): error is BridgeError =>
  error instanceof BridgeError && UNREADABLE.has(error.code)

/** For `catch`: another result where the table is unreadable; anything else is thrown on. */
export const whenUnreadable =
  <Result>(instead: () => Result) =>
  (error: unknown): Result => {
    if (isUnreadable(error)) return instead()
    throw error
  }
