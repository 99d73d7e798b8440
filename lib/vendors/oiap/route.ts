/** What every route for a token of OIAP's does: a back end names the tenant's `appKey` and is given the tenant's token. */

import type { Credentials } from '../../http/credentials.ts'
import { fromBody } from '../../http/input.ts'
import { tenantOf } from '../../http/principal.ts'
import type { CallerWiring } from '../../http/route.ts'
import type { Connection } from '../connection.ts'
import type { RefreshedVendor } from '../profile.ts'
import { OiapTokenRequest, refusedTokenOf, VENDOR_SECRET_REFUSED } from './requests.ts'
import type { OiapSettings } from './settings.ts'
import { oiapTokens } from './tokens.ts'

/** For `callerHandler`. Throws what `tenantOf`, `refusedTokenOf` and `oiapTokens` throw. */
export const oiapTokenRoute = (
  shared: Connection,
  profile: RefreshedVendor<OiapSettings>,
): Pick<CallerWiring<OiapTokenRequest, Credentials>, 'keyMember' | 'input' | 'run'> => {
  const issue = oiapTokens(shared, profile)
  return {
    keyMember: { name: 'appSecret', otherwise: VENDOR_SECRET_REFUSED },
    input: fromBody(OiapTokenRequest),
    run: async ({ input, caller, header, deadline, note }) => {
      const tenantSpaceId = tenantOf(caller, header('x-tenant-space-id'))
      note({ tenantSpaceId })
      const { authToken, expireTime } = await issue(
        tenantSpaceId,
        { appKey: input.appKey, refusedSha256: refusedTokenOf(header('x-refused-token')) },
        deadline,
      )
      return { body: { errorCode: 0, errorMsg: '', authToken, expireTime } }
    },
  }
}
