/** CEC's refusals. Their codes say nothing: the document's own example has "0" on a failure. */

import { json, type Reply } from '../call.ts'

/** The document breaks off at the dots, so nobody should depend on what follows. */
const AUTH_FAIL = 'auth fail! illegal or expired token info...'

interface Told {
  readonly errorCode?: string | number | undefined
  readonly headers?: Reply['headers'] | undefined
}

export const cecError = (
  status: number,
  exceptionInfo: string,
  { errorCode = '0', headers = {} }: Told = {},
): Reply => json(status, { errorCode, exceptionInfo }, headers)

export const authFail = (status = 403): Reply => cecError(status, AUTH_FAIL)

export const notPurchased = (): Reply =>
  cecError(401, 'unauthorized: the service is not purchased or the account is not in a normal state')
