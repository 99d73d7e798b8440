/** The vendors' credentials as each system needs them: what is judged, and how. */

import { type CredentialDeps, vendorCredentials } from './credentials.ts'
import { CecSettings, LiveSettings, OiapSettings } from './settings.ts'

export const cecCredentials = (deps: CredentialDeps) =>
  vendorCredentials(deps, {
    system: 'cec',
    schema: CecSettings,
    judged: ({ tokenUrl, appKey, appSecret }) => [tokenUrl, appKey, appSecret],
  })

export const oiapCredentials = (deps: CredentialDeps) =>
  vendorCredentials(deps, {
    system: 'oiap',
    schema: OiapSettings,
    judged: ({ url, appKey, appSecret }) => [url, appKey, appSecret],
  })

export const liveCredentials = (deps: CredentialDeps) =>
  vendorCredentials(deps, {
    system: 'live',
    schema: LiveSettings,
    judged: ({ endpoint, accessKeyId, accessKeySecret, securityToken }) => [
      endpoint,
      accessKeyId,
      accessKeySecret,
      securityToken,
    ],
    carriesCallerData: true,
  })
