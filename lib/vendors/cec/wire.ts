/** CEC's contracts (seed 000 and the interface references): what it answers to tokenByAkSk, applyToken and the chat calls. */

import * as z from 'zod/mini'
import { codeText, lifetime, VendorToken, vendorCode } from '../reply-members.ts'

/** Documented as strings throughout; numbers have been seen. Only what is needed is looked at. */
export const TokenByAkSkReply = z.object({
  AccessToken: VendorToken,
  /** Seconds. */
  Expires: lifetime(1),
})

/** One document's token is wrapped in embedded quotes: one such pair is taken off. */
export const ApplyTokenReply = z.object({
  token: z.pipe(
    z.transform((token) => (typeof token === 'string' ? token.replace(/^"(.*)"$/, '$1') : token)),
    VendorToken,
  ),
  resultCode: z.optional(vendorCode('0')),
})

/** Table 4's "failure", whatever else the answer holds. */
export const ApplyTokenFailure = z.object({ resultCode: vendorCode('1') })

/** CEC's own code in an answer about a file; documented as text. */
const fileCode = z.nullish(z.pipe(z.union([z.string(), z.number()]), z.transform(codeText)))

/**
 * uploadFileStream and downloadFileStream. The one calls its code `returnCode`, the other `resultCode`; other pages of CEC's have
 * either name for one call. `objectKey` is what a message of `send` then carries; `fileUrl` came in 2025, a link that is good for a day.
 */
export const FileReply = z.object({
  returnCode: fileCode,
  resultCode: fileCode,
  objectKey: z.nullish(z.string()),
  fileStream: z.nullish(z.string()),
  fileUrl: z.nullish(z.string()),
})

export type FileReply = z.infer<typeof FileReply>

/** The header that carries the chat token, in requests and, renewed, in answers. */
export const ChatToken = VendorToken
