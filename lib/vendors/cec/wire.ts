/** CEC's contracts (seed 000 and the interface references): what it answers to tokenByAkSk, applyToken and the chat calls. */

import * as z from 'zod'
import { lifetime, VendorToken, vendorCode } from '../reply-members.ts'

/** Documented as strings throughout; numbers have been seen. Only what is needed is looked at. */
export const TokenByAkSkReply = z.object({
  AccessToken: VendorToken,
  /** Seconds. */
  Expires: lifetime(1),
})

/** One document's token is wrapped in embedded quotes: one such pair is taken off. */
export const ApplyTokenReply = z.object({
  token: z.preprocess(
    (token) => (typeof token === 'string' ? token.replace(/^"(.*)"$/, '$1') : token),
    VendorToken,
  ),
  resultCode: vendorCode('0').optional(),
})

/** Table 4's "failure", whatever else the answer holds. */
export const ApplyTokenFailure = z.object({ resultCode: vendorCode('1') })

/** uploadFileStream, "Response Description": the key is what a message of `send` then carries. */
export const UploadReply = z.object({ objectKey: z.string().min(1) })

/** downloadFileStream: the file itself, and since 2025 a link to it, which is good for a day. */
export const DownloadReply = z
  .object({ fileStream: z.string().nullish(), fileUrl: z.string().nullish() })
  .refine(({ fileStream, fileUrl }) => Boolean(fileStream || fileUrl))

/** The header that carries the chat token, in requests and, renewed, in answers. */
export const ChatToken = VendorToken
