/** Alibaba Live's contract, version 2016-11-01 (seed 003): what GetMessageToken takes and answers. */

import * as z from 'zod/mini'
import { lifetime, VendorToken } from '../reply-members.ts'

export const LIVE_USER_ID = /^[a-z0-9_.]{1,32}$/

export const LiveMessageTokenReply = z.object({
  RequestId: z.catch(z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))), undefined),
  /** A 200 that carries another one is a failure. */
  Code: z.optional(z.literal('OK')),
  Result: z.object({
    AccessToken: VendorToken,
    /** Milliseconds. */
    AccessTokenExpiredTime: lifetime(1000),
    /** The client's to use; without it, a client asks again. */
    RefreshToken: z.catch(z.optional(VendorToken), undefined),
  }),
})
