/** What callers may ask of OIAP: one of its tokens, with the body of getAppCubeToken (seed 001). */

import * as z from 'zod/mini'
import { BridgeError } from '../../errors.ts'
import { mostCharacters } from '../../schemas/text.ts'

/** Told of a vendor's secret in the body: it does not belong into a caller's hands. */
export const VENDOR_SECRET_REFUSED =
  "the secret stays in the tenant's settings, where no caller needs to hold it: leave this member out"

/**
 * `appSecret` is mandatory in the document, "agreed by both parties": a client of that document puts a caller key there,
 * which the middleware stack has judged before this is read. Everything else is refused.
 */
export const OiapTokenRequest = z.strictObject({
  appKey: z.string('expected a string').check(z.minLength(1, 'expected the tenant id'), mostCharacters(512)),
  appSecret: z.optional(z.string(VENDOR_SECRET_REFUSED).check(z.regex(/^\s*ctb_/, VENDOR_SECRET_REFUSED))),
})

export type OiapTokenRequest = z.infer<typeof OiapTokenRequest>

/** The header with which a client says which token was refused where it was used. Throws HEADER_INVALID. */
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
