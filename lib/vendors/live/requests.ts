/** What callers may ask of Alibaba Live: GetMessageToken, version 2016-11-01 (seed 003). */

import * as z from 'zod/mini'
import { identifier, mostCharacters } from '../../schemas/text.ts'

/** Alibaba's own pattern. */
export const DeviceId = z
  .string('expected a string')
  .check(z.regex(/^[a-z0-9_-]{1,64}$/, 'expected 1 to 64 of a-z, 0-9, _ and -'))

export const DeviceType = z.enum(['ios', 'android', 'web', 'pc'], 'expected ios, android, web or pc')

/** The UserId is checked by `liveUserId`, since the tenant's settings may derive it. */
export const LiveMessageTokenRequest = z.strictObject({
  DeviceId,
  DeviceType,
  UserId: identifier(64),
  /** Known from the tenant's settings; another one is refused. */
  AppId: z.optional(z.string('expected a string').check(mostCharacters(512))),
})

export type LiveMessageTokenRequest = z.infer<typeof LiveMessageTokenRequest>
