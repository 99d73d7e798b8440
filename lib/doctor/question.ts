/** What a doctor is asked: about the stage itself, or about one tenant's systems. */

import * as z from 'zod/mini'
import { TenantSpaceId } from '../schemas/ids.ts'
import { text } from '../schemas/text.ts'
import { systemNames } from '../vendors/registry.ts'

export const Question = z.strictObject({
  /** Left out: the stage itself. */
  tenantSpaceId: z.optional(TenantSpaceId),
  /** Those that the tenant should have settings for. */
  systems: z._default(
    z.array(z.enum(systemNames() as [string, ...string[]]), 'expected a list of systems'),
    [],
  ),
  /** Of the tenant's web channel with CEC: its settings do not hold it. */
  channelId: z.optional(text(128)),
  /** Of the stage: issuers whose entries stand in the callers table, which the doctor may read by name and not list. */
  issuers: z._default(
    z.array(text(2048), 'expected a list of issuers').check(z.maxLength(100, 'expected at most 100 issuers')),
    [],
  ),
  /** A user's id whose form is looked at. No vendor is shown it. */
  userId: z.optional(z.string('expected a string').check(z.maxLength(256))),
})

export type Question = z.infer<typeof Question>

/** About one tenant. */
export type TenantQuestion = Question & { readonly tenantSpaceId: string }
