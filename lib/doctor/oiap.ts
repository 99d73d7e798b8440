/** OIAP's two calls, each tried once at the most. Wrong passwords lock the account: after one, no other is shown. */

import type { Deadline } from '../concurrency/deadline.ts'
import type { Connection } from '../vendors/connection.ts'
import { oiapProfile, oiapThirdPartyProfile } from '../vendors/oiap/profile.ts'
import type { OiapSettings } from '../vendors/oiap/settings.ts'
import type { RefreshedVendor } from '../vendors/profile.ts'
import { serviceTokenSource, serviceTokens } from '../vendors/service-token-source.ts'
import { tenantSettings } from '../vendors/tenant-settings.ts'
import { attempt } from './attempt.ts'
import { type Cause, type Finding, finding } from './findings.ts'
import type { TenantQuestion } from './question.ts'

const PROFILES: readonly RefreshedVendor<OiapSettings>[] = [oiapProfile, oiapThirdPartyProfile]

/** After these, OIAP may count a wrong password, or refuse every other one too. */
const AT_RISK: ReadonlySet<Cause> = new Set<Cause>([
  'KEY_UNKNOWN',
  'PASSWORD_WRONG',
  'PASSWORD_OF_OTHER_TAB',
  'ACCOUNT_LOCKED',
  'KEY_REFUSED',
  'KEY_OR_ADDRESS_REFUSED',
])

/** Those of the two systems that are asked for, one after the other. A stored token serves: its password was taken. */
export const tryOiap = async (
  shared: Connection,
  { tenantSpaceId, systems }: TenantQuestion,
  deadline: Deadline,
): Promise<readonly Finding[]> => {
  const found: Finding[] = []
  /** The passwords that were shown: the other call has another one. */
  const shown: string[] = []
  for (const profile of PROFILES.filter(({ system }) => systems.includes(system))) {
    const place = { system: profile.system, tenantSpaceId }
    const settings = await attempt(place, () =>
      tenantSettings(shared.secrets, profile)(tenantSpaceId, { deadline }),
    )
    if (!settings.isGood) found.push(settings.wrong)
    else if (shown.includes(settings.result.appSecret))
      found.push(finding({ ...place, field: 'appSecret' }, 'PASSWORD_OF_OTHER_TAB'))
    else if (found.some(({ cause }) => AT_RISK.has(cause))) found.push(finding(place, 'NOT_TRIED'))
    else {
      shown.push(settings.result.appSecret)
      found.push(...(await tryOne(shared, profile, { tenantSpaceId, deadline })))
    }
  }
  return found
}

const tryOne = async (
  shared: Connection,
  profile: RefreshedVendor<OiapSettings>,
  { tenantSpaceId, deadline }: { readonly tenantSpaceId: string; readonly deadline: Deadline },
): Promise<readonly Finding[]> => {
  const source = serviceTokenSource(shared, profile)
  const tokens = serviceTokens(source, shared.tokens)
  const login = await attempt({ system: profile.system, tenantSpaceId, field: 'url' }, () =>
    source.credentials(tenantSpaceId, (credentials) => tokens.get(credentials), deadline),
  )
  return login.isGood ? [] : [login.wrong]
}
