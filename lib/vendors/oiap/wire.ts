/** OIAP's contract (seed 001): what it answers to getAppCubeToken. */

import * as z from 'zod'
import { lifetime } from '../lifetime.ts'
import { VendorToken } from '../vendor-token.ts'

/** The document's "status code 200 also indicates success" can be read as a code: taken beside a token, as no code is. */
const SUCCESS = ['0', '200', 'absent'] as const

/** Success is a status of 200, one of these codes, and a token. */
export const AppCubeTokenReply = z.object({
  errorCode: z
    .union([z.string(), z.number()])
    .optional()
    .transform((code) => (code === undefined ? 'absent' : String(code).trim()))
    .pipe(z.enum(SUCCESS)),
  authToken: VendorToken,
  /** Seconds; "default 3600", may be absent. */
  expireTime: lifetime(1),
})
