/** The sets of credentials that a route may take: as data, with what a function needs to check them. */

import type { SettingName } from '../config.ts'
import type { Issuer } from '../schemas/issuers.ts'
import { CALLERS, JWKS } from '../secrets/definitions.ts'
import type { SecretDefinition } from '../secrets/reader.ts'

/** A caller key, an identity provider's token for a back end or for a user, and an access token of this system. */
export type CredentialKind = 'caller-key' | Issuer['kind'] | 'access-token'

export interface Credentials {
  readonly kinds: readonly CredentialKind[]
  /** What a function must have read to check them. */
  readonly settings: readonly SettingName[]
  readonly secrets: readonly SecretDefinition<object>[]
}

const CALLER_SETTINGS = [
  'STAGE',
  'CALLERS_TABLE',
  'USER_ID_CHARACTERS',
  'USER_ID_MAX_LENGTH',
  'ALLOW_LOOPBACK_HTTP',
] as const

export const BACK_ENDS = {
  kinds: ['caller-key', 'back-end'],
  settings: CALLER_SETTINGS,
  secrets: [CALLERS],
} as const satisfies Credentials

/** The route itself must ask the directory about the user. */
export const BACK_ENDS_AND_USERS = {
  kinds: ['caller-key', 'back-end', 'user'],
  settings: CALLER_SETTINGS,
  secrets: [CALLERS],
} as const satisfies Credentials

// Spelt out: a bundler keeps what is spread, and all that it names, in every package.
const PAGE_SETTINGS = [
  'STAGE',
  'CALLERS_TABLE',
  'USER_ID_CHARACTERS',
  'USER_ID_MAX_LENGTH',
  'ALLOW_LOOPBACK_HTTP',
  'ISSUER',
  'DIRECTORY_TABLE',
] as const

/** An access token is verified with the public keys, and every user is held against the directory. */
export const PAGES_AND_BACK_ENDS = {
  kinds: ['caller-key', 'back-end', 'user', 'access-token'],
  settings: PAGE_SETTINGS,
  secrets: [CALLERS, JWKS],
} as const satisfies Credentials

/** The same without users of an identity provider: what is asked for needs a back end's word, which an access token carries. */
export const ACCESS_TOKENS_AND_BACK_ENDS = {
  kinds: ['caller-key', 'back-end', 'access-token'],
  settings: PAGE_SETTINGS,
  secrets: [CALLERS, JWKS],
} as const satisfies Credentials
