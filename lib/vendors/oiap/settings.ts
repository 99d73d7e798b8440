/** A tenant's settings for OIAP: the secret `<prefix>/tenants/<tenantSpaceId>/oiap`. */

import type * as z from 'zod'
import { members } from '../../schemas/pasted.ts'
import { keyOrSecret, serviceToken, tls, url } from '../setting-members.ts'

export const OiapSettings = members({
  url,
  appKey: keyOrSecret,
  appSecret: keyOrSecret,
  ...tls,
  ...serviceToken,
})

export type OiapSettings = z.infer<typeof OiapSettings>
