/** A tenant's settings for each vendor: `<prefix>/tenants/<tenantSpaceId>/{cec,oiap,live}`. */

import type * as z from 'zod'
import { ca } from '../schemas/ca.ts'
import { members } from '../schemas/pasted.ts'
import { oneOf, printable, text, wholeNumber } from '../schemas/setting-types.ts'
import { address, addressWithoutPath } from '../schemas/setting-urls.ts'

const url = address(500)
const keyOrSecret = printable(512)

const tls = {
  /** PEM of a private CA, trusted instead of the public ones. */
  ca: ca.optional(),
  /** The name that the vendor's certificate must have, where the address has another one. Not an IP address. */
  serverName: text(
    /^(?=.{1,253}$)(?!(.*\.)?\d+$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i,
    'expected a host name such as "cec.example.com"',
  ).optional(),
}

/** Of the two machine tokens, CEC's AccessToken and the AppCube token. What the vendors do here is undocumented. */
const machineToken = {
  /** Whether an older token still works beside a new one; `kills`: it is not refreshed before its last moment. */
  overlap: oneOf(['tolerated', 'kills']).default('tolerated'),
  /** Whether the schedule keeps the token fresh: always, while it was used in the last 24 h, or never. */
  warm: oneOf(['always', 'active', 'never']).default('active'),
}

export const CecSettings = members({
  tokenUrl: url,
  applyTokenUrl: url,
  /** Base of the chat calls, without `/send` and `/poll`. */
  chatUrl: url,
  appKey: keyOrSecret,
  appSecret: keyOrSecret,
  /** Life of the AccessToken that we ask for. CEC takes at most 3600; its default is unknown, so it is always sent. */
  tokenExpireSeconds: wholeNumber(600, 3600, 'expected whole seconds from 600 to 3600').default(3600),
  /** `language` cuts the country off: 2023's document has the language alone, later ones have `zh_CN`. */
  locale: oneOf(['as-is', 'language']).default('as-is'),
  /** Sent as `X-TenantSpaceID`, and derived from nothing else. */
  tenantSpaceIdHeader: printable(64).optional(),
  ...tls,
  ...machineToken,
})

export const OiapSettings = members({
  url,
  appKey: keyOrSecret,
  appSecret: keyOrSecret,
  ...tls,
  ...machineToken,
})

export const LiveSettings = members({
  endpoint: addressWithoutPath(500),
  appId: keyOrSecret,
  accessKeyId: keyOrSecret,
  accessKeySecret: keyOrSecret,
  /** Only with temporary credentials (STS). */
  securityToken: printable(8192).optional(),
  /** How a user's id becomes Alibaba's UserId: as it is, or derived where ids do not fit their pattern. */
  userId: oneOf(['as-is', 'sha256-32']).default('as-is'),
  /** Calls per second with this AccessKeyId. Alibaba takes 100 from an account, and other programs may want some. */
  callsPerSecond: wholeNumber(1, 100).default(90),
  /** Calls per minute for one user: so that nobody alone uses up what all share. */
  callsPerUserAndMinute: wholeNumber(1, 6000).default(20),
})

export type CecSettings = z.infer<typeof CecSettings>
export type OiapSettings = z.infer<typeof OiapSettings>
export type LiveSettings = z.infer<typeof LiveSettings>
