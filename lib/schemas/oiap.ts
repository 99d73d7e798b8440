/** OIAP's getAppCubeToken (seed 001). */

import * as z from 'zod'
import { BridgeError } from '../errors.ts'
import { VendorToken } from './vendor-token.ts'

/** `appSecret` is documented for the vendor's call; ours refuses it, since it does not belong into a caller's hands. */
export const AppCubeTokenRequest = z.strictObject({
  appKey: z
    .string('expected a string')
    .min(1, 'expected the tenant id')
    .max(512, 'expected at most 512 characters'),
  appSecret: z
    .never(
      "the secret stays in the tenant's settings, where no caller needs to hold it: leave this member out",
    )
    .optional(),
})

export type AppCubeTokenRequest = z.infer<typeof AppCubeTokenRequest>

/** The header with which a client says which token AppCube has refused. Throws HEADER_INVALID. */
export const refusedTokenOf = (header: string | undefined): string | undefined => {
  if (header === undefined || /^[0-9a-f]{64}$/.test(header)) return header
  throw new BridgeError(
    'HEADER_INVALID',
    'X-Refused-Token: expected SHA-256 of the token as 64 lower-case hex digits',
    {
      detail: { field: 'X-Refused-Token' },
    },
  )
}

const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number),
])

/** "Status code 200 also indicates success" is ambiguous: only with errorCode 0 and a token. */
export const AppCubeTokenReply = z.object({
  errorCode: wholeNumber,
  authToken: z.unknown().optional(),
  /** Seconds; "default 3600", may be absent. */
  expireTime: wholeNumber.optional().catch(undefined),
})

export const AuthToken = VendorToken
