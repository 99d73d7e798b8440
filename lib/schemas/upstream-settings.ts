/** A tenant's settings for each vendor: `<prefix>/tenants/<tenantSpaceId>/{cec,oiap,live}`. */

import * as z from 'zod'

/** Whether plain http is allowed is the outbound module's to say; a laptop's emulators have no certificates. */
const url = z
  .url({ protocol: /^https?$/, error: 'expected an https URL' })
  .max(500, 'expected at most 500 characters')
  .refine((text) => !/[?#@]/.test(text), 'expected no query, fragment or user')
const printable = z
  .string('expected a string')
  .regex(/^[\x21-\x7e]{1,512}$/, 'expected 1 to 512 printable ASCII characters')
const ca = z
  .string('expected PEM')
  .startsWith('-----BEGIN CERTIFICATE-----', 'expected PEM certificates')
  .max(32_768)
  .optional()

export const CecSettings = z.strictObject({
  tokenUrl: url,
  applyTokenUrl: url,
  /** Base of the chat calls, without `/send` and `/poll`. */
  chatUrl: url,
  appKey: printable,
  appSecret: printable,
  /** Life of the AccessToken that we ask for. CEC takes at most 3600; its default is unknown, so it is always sent. */
  tokenExpireSeconds: z
    .int('expected whole seconds')
    .min(600, 'expected at least 600')
    .max(3600, 'expected at most 3600')
    .default(3600),
  ca,
})

export const OiapSettings = z.strictObject({ url, appKey: printable, appSecret: printable, ca })

export const LiveSettings = z.strictObject({
  endpoint: url,
  appId: printable,
  accessKeyId: printable,
  accessKeySecret: printable,
  /** Only with temporary credentials (STS). */
  securityToken: z
    .string('expected a string')
    .regex(/^[\x21-\x7e]{1,8192}$/, 'expected printable ASCII')
    .optional(),
  /** How a user's id becomes Alibaba's UserId: as it is, or derived where ids do not fit their pattern. */
  userId: z.enum(['as-is', 'sha256-32'], 'expected "as-is" or "sha256-32"').default('as-is'),
})

export type CecSettings = z.infer<typeof CecSettings>
export type OiapSettings = z.infer<typeof OiapSettings>
export type LiveSettings = z.infer<typeof LiveSettings>
