/** A tenant's settings for CEC: the secret `<prefix>/tenants/<tenantSpaceId>/cec`. */

import * as z from 'zod/mini'
import { members } from '../../schemas/pasted.ts'
import { oneOf, printable, wholeNumber } from '../../schemas/setting-types.ts'
import { keyOrSecret, serviceToken, tls, url } from '../setting-members.ts'

export const CecSettings = members({
  tokenUrl: url,
  applyTokenUrl: url,
  /** Base of the chat calls, without `/send` and `/poll`. */
  chatUrl: url,
  appKey: keyOrSecret,
  appSecret: keyOrSecret,
  /** Life of the AccessToken that we ask for. CEC takes at most 3600; its default is unknown, so it is always sent. */
  tokenExpireSeconds: z._default(wholeNumber(600, 3600, 'expected whole seconds from 600 to 3600'), 3600),
  /** `language` cuts the country off: 2023's document has the language alone, later ones have `zh_CN`. */
  locale: z._default(oneOf(['as-is', 'language']), 'as-is'),
  /** Sent as `X-TenantSpaceID`, and derived from nothing else. */
  tenantSpaceIdHeader: z.optional(printable(64)),
  ...tls,
  ...serviceToken,
})

export type CecSettings = z.infer<typeof CecSettings>
