/** OIAP's tokens. */

import { BACK_ENDS } from '../http/credentials.ts'
import { oiapErrors } from '../http/error-formats.ts'
import type { RouteDescriptor } from '../http/route.ts'
import { TOKEN_STORE_KEY } from '../secrets/definitions.ts'

export const APP_CUBE_TOKEN = {
  name: 'appCubeToken',
  namesNoUser: true,
  endpoints: ['POST /oifde/rest/appcube/api/getAppCubeToken'],
  access: 'app-cube-token:issue',
  credentials: BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['oiap'],
  success: { status: 200, code: 'APP_CUBE_TOKEN_ISSUED' },
  errorFormat: oiapErrors,
} as const satisfies RouteDescriptor

export const OIAP_THIRD_PARTY_TOKEN = {
  name: 'oiapThirdPartyToken',
  namesNoUser: true,
  endpoints: ['POST /oifde/rest/api/gettoken'],
  access: 'oiap-third-party-token:issue',
  credentials: BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [TOKEN_STORE_KEY],
  tenantSecrets: ['oiap-third-party'],
  success: { status: 200, code: 'OIAP_THIRD_PARTY_TOKEN_ISSUED' },
  errorFormat: oiapErrors,
} as const satisfies RouteDescriptor
