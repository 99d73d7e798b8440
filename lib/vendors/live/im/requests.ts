/** What callers may ask of Alibaba's interactive messaging: a token for one user. */

import * as z from 'zod/mini'
import { identifier } from '../../../schemas/text.ts'

/** `admin` may create and end groups; everybody else has no role. */
export const ROLES = ['admin', ''] as const
export type Role = (typeof ROLES)[number]

/** The userId is checked by `liveImToken`, since the tenant's settings may derive it. */
export const LiveImTokenRequest = z.strictObject({
  userId: identifier(64),
  role: z._default(z.enum(ROLES, 'expected "admin", or no role'), ''),
})

export type LiveImTokenRequest = z.infer<typeof LiveImTokenRequest>
