/** Members that the settings of several vendors have. */

import * as z from 'zod/mini'
import { ca } from '../schemas/ca.ts'
import { oneOf, printable, text } from '../schemas/setting-types.ts'
import { address } from '../schemas/setting-urls.ts'

export const url = address(500)
export const keyOrSecret = printable(512)

export const tls = {
  /** PEM of a private CA, trusted instead of the public ones. */
  ca: z.optional(ca),
  /** The name that the vendor's certificate must have, where the address has another one. Not an IP address. */
  serverName: z.optional(
    text(
      /^(?=.{1,253}$)(?!(.*\.)?\d+$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/,
      'expected a host name such as "cec.example.com"',
    ),
  ),
}

/** Of a vendor with a service token. What the vendors do here is undocumented. */
export const serviceToken = {
  /** Whether an older token still works beside a new one; `kills`: it is not refreshed before its last moment. */
  overlap: z._default(oneOf(['tolerated', 'kills']), 'tolerated'),
  /** Whether the schedule keeps the token fresh: always, while it was used in the last 24 h, or never. */
  warm: z._default(oneOf(['always', 'active', 'never']), 'active'),
}
