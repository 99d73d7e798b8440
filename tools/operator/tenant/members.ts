/** What an operator is asked of each system: the members of its secret, in the words of the vendors' consoles. */

import type { SystemName } from '../../../lib/vendors/registry.ts'

export interface Member {
  readonly name: string
  /** Where it comes from, and what it is. */
  readonly meaning: string
  /** Not shown while it is typed. Default false. */
  readonly isSecret?: boolean
  /** May be left empty. Default false. */
  readonly isOptional?: boolean
  /** The name of a file with the text is asked for: it has many lines. */
  readonly isFile?: boolean
}

const key = (meaning: string): Member => ({ name: 'appKey', meaning })
const secret = (meaning: string, name = 'appSecret'): Member => ({ name, meaning, isSecret: true })
const optional = (name: string, meaning: string): Member => ({ name, meaning, isOptional: true })

const TLS: readonly Member[] = [
  { name: 'ca', meaning: 'a file with the PEM of a private CA', isOptional: true, isFile: true },
  optional('serverName', 'the name of the certificate, where it is not the host of the address'),
]

const oiap = (call: string, password: string): readonly Member[] => [
  { name: 'url', meaning: `the address of ${call}` },
  key("OIAP's tenant id"),
  secret(password),
  ...TLS,
]

/** Members that few tenants need (`overlap`, `warm`, limits and lifetimes) are for a file alone: docs/reference/secrets.md. */
export const MEMBERS: Readonly<Record<SystemName, readonly Member[]>> = {
  cec: [
    { name: 'tokenUrl', meaning: 'the address of tokenByAkSk' },
    { name: 'applyTokenUrl', meaning: 'the address of applyToken' },
    { name: 'chatUrl', meaning: 'the address of the chat calls, without /send and /poll' },
    { name: 'appKey', meaning: "app_key (AK) of the tenant's application", isSecret: true },
    secret("app_secret (SK) of the tenant's application"),
    optional('locale', '"as-is", or "language" where CEC takes no country'),
    ...TLS,
  ],
  oiap: oiap('getAppCubeToken', 'the API password'),
  'oiap-third-party': oiap('gettoken', 'the third-party password'),
  live: [
    { name: 'endpoint', meaning: 'such as https://live.aliyuncs.com' },
    { name: 'appId', meaning: 'the id of the interactive-messages application' },
    { name: 'accessKeyId', meaning: 'of the RAM user', isSecret: true },
    secret('of the RAM user', 'accessKeySecret'),
    { ...optional('securityToken', 'with temporary credentials (STS) alone'), isSecret: true },
    optional('userId', '"as-is", or "sha256-32" where ids do not fit Alibaba\'s pattern'),
  ],
  'live-im': [
    { name: 'appId', meaning: 'the id of the messaging application' },
    secret('the AppKey', 'appKey'),
    { name: 'appSign', meaning: 'the AppSign' },
    optional('userId', '"as-is", or "sha256-32" where ids do not fit Alibaba\'s pattern'),
  ],
  'live-rtc': [{ name: 'appId', meaning: 'the id of the RTC application' }, secret('the AppKey', 'appKey')],
}
