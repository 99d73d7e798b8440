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

/** Of the two machine tokens, CEC's AccessToken and the AppCube token. What the vendors do here is undocumented. */
const machineToken = {
  /** Whether an older token still works beside a new one; `kills`: it is not refreshed before its last moment. */
  overlap: z.enum(['tolerated', 'kills'], 'expected "tolerated" or "kills"').default('tolerated'),
  /** Whether the schedule keeps the token fresh: always, while it was used in the last 24 h, or never. */
  warm: z.enum(['always', 'active', 'never'], 'expected "always", "active" or "never"').default('active'),
}

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
  ...machineToken,
})

export const OiapSettings = z.strictObject({
  url,
  appKey: printable,
  appSecret: printable,
  ca,
  ...machineToken,
})

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
  /** Calls per second with this AccessKeyId. Alibaba takes 100 from an account, and other programs may want some. */
  callsPerSecond: z
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(100, 'expected at most 100')
    .default(90),
  /** Calls per minute for one user: so that nobody alone uses up what all share. */
  callsPerUserAndMinute: z
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(6000, 'expected at most 6000')
    .default(20),
})

export type CecSettings = z.infer<typeof CecSettings>
export type OiapSettings = z.infer<typeof OiapSettings>
export type LiveSettings = z.infer<typeof LiveSettings>
