/** What every call to CEC carries of its tenant's settings. */

import type { CecSettings } from './settings.ts'

type Headers = Readonly<Record<string, string>>

/** The tenant's part of a call: whom to trust, and the headers with `X-TenantSpaceID` where the settings have one. */
export const tenantCall = ({ ca, serverName, tenantSpaceIdHeader }: CecSettings, headers: Headers) => ({
  ca,
  serverName,
  headers: {
    ...headers,
    ...(tenantSpaceIdHeader === undefined ? {} : { 'X-TenantSpaceID': tenantSpaceIdHeader }),
  },
})
