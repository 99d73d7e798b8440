/** What a doctor is asked: about the stage itself, or about one tenant's systems. */

import * as z from 'zod'
import { TenantSpaceId } from '../schemas/ids.ts'
import { text } from '../schemas/text.ts'
import { systemNames } from '../vendors/registry.ts'

export const Question = z.strictObject({
  /** Left out: the stage itself. */
  tenantSpaceId: TenantSpaceId.optional(),
  /** Those that the tenant should have settings for. */
  systems: z.array(z.enum(systemNames() as [string, ...string[]]), 'expected a list of systems').default([]),
  /** Of the tenant's web channel with CEC: its settings do not hold it. */
  channelId: text(128).optional(),
  /** A user's id whose form is looked at. No vendor is shown it. */
  userId: z.string('expected a string').max(256).optional(),
})

export type Question = z.infer<typeof Question>

/** About one tenant. */
export type TenantQuestion = Question & { readonly tenantSpaceId: string }
