/** What every part of the embedded default agrees on. Nothing here is secret: no other stage accepts it. */

import type { SystemName } from '../../lib/vendors/registry.ts'

export const LOCAL_STAGE = 'local'
export const LOCAL_SECRETS_PREFIX = `cec-token-bridge/${LOCAL_STAGE}`

export const LOCAL_DIRECTORY_TABLE = `cec-token-bridge-${LOCAL_STAGE}-directory`

export const SIGNING_KEY_SECRET = `${LOCAL_SECRETS_PREFIX}/signing-key`
export const JWKS_SECRET = `${LOCAL_SECRETS_PREFIX}/jwks`
export const CALLERS_SECRET = `${LOCAL_SECRETS_PREFIX}/callers`
export const LOG_KEY_SECRET = `${LOCAL_SECRETS_PREFIX}/log-key`
export const TOKEN_STORE_KEY_SECRET = `${LOCAL_SECRETS_PREFIX}/token-store-key`
export const PROBER_SECRET = `${LOCAL_SECRETS_PREFIX}/prober`

/** The only address anything local listens on. */
export const LOOPBACK = '127.0.0.1'
export const DEFAULT_PORT = 3000

/** The seeded caller's key. Production code refuses it outside stage `local`. */
export const LOCAL_CALLER_KEY = 'ctb_local-development-only'

/** The example tenant and user of CEC's own interface document. */
export const LOCAL_TENANT = '202007159031'
export const LOCAL_USER = { userId: '10010001', userName: 'Tom' } as const
/** A second one: ids and names may be of any script. */
export const LOCAL_OTHER_USER = { userId: '张三', userName: '张三' } as const
/** An agent's account: nothing knows it before a token is asked for. */
export const LOCAL_AGENT = 'a101'
/** The id of a web channel's configuration. CEC's emulator takes any. */
export const LOCAL_CHANNEL = 'web-channel-1'

/** The RTC channel that the sample access token names. Alibaba's emulator takes any. */
export const LOCAL_RTC_CHANNEL = 'room-1'

/** The name of the local tenant's secret for one system. */
export const tenantSecret = (system: SystemName): string =>
  `${LOCAL_SECRETS_PREFIX}/tenants/${LOCAL_TENANT}/${system}`
