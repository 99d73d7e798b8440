/** OIAP's contract (seed 001): what it answers to a call for a token. */

import * as z from 'zod/mini'
import { lifetime, VendorToken, vendorCode } from '../reply-members.ts'

/**
 * Success is a status of 200 and a token. The document's "status code 200 also indicates success" can be read as a code:
 * it is taken beside a token, and so is no code.
 */
export const OiapTokenReply = z.object({
  errorCode: z.optional(vendorCode('0', '200')),
  authToken: VendorToken,
  /** Seconds; "default 3600", may be absent. */
  expireTime: lifetime(1),
})
