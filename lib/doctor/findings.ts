/** What a doctor says: a stable code for each cause, with names and expectations beside it, and never a value. */

import type { ErrorDetail } from '../errors.ts'

export const CAUSES = [
  // a secret
  'SECRET_ABSENT',
  'SECRET_MALFORMED',
  'SECRET_KMS_REFUSED',
  'SECRET_UNREADABLE',
  // what the vendor says of key and secret
  'KEY_UNKNOWN',
  'KEY_DISABLED',
  'KEY_SECRET_WRONG',
  'PASSWORD_WRONG',
  'PASSWORD_OF_OTHER_TAB',
  'ACCOUNT_LOCKED',
  'TEMPORARY_KEY_REFUSED',
  'KEY_REFUSED',
  'KEY_OR_ADDRESS_REFUSED',
  'ADDRESS_OR_FIREWALL',
  'NOT_TRIED',
  // what it says of the account and of the call
  'ACTION_MISSING',
  'NOT_BOUGHT',
  'CHAT_REFUSED',
  'SETTINGS_REFUSED',
  'CHANNEL_REFUSED',
  'CHANNEL_UNTRIED',
  'REQUEST_REFUSED',
  'USER_ID_PATTERN',
  'CLOCK',
  'THROTTLED',
  'THROTTLED_HERE',
  // the way to it
  'ADDRESS_WRONG',
  'ADDRESS_FORBIDDEN',
  'NAME_UNKNOWN',
  'NOT_CONNECTED',
  'CONNECTION_LOST',
  'NO_ANSWER',
  'VENDOR_DOWN',
  'REPLY_UNEXPECTED',
  'CA_MISSING',
  'INTERMEDIATE_OR_CA_MISSING',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_OF_OTHER_NAME',
  'CERTIFICATE_REFUSED',
  'CLIENT_CERTIFICATE_DEMANDED',
  'TLS_NOT_SPOKEN',
  'TLS_REFUSED',
  // the stage
  'STAGE_SECRET_ABSENT',
  'STAGE_SECRET_MALFORMED',
  'CALLERS_NONE',
  'CALLERS_ENTRY_LEFT_OUT',
  'USER_IDS_SHARED',
  'KEYS_ABSENT',
  'KEYS_OLD',
  'PREWARM_NEVER',
  'PREWARM_LATE',
  'ISSUER_UNREACHABLE',
  'ISSUER_MISCONFIGURED',
  'TABLE_UNREADABLE',
  'TIME_USED_UP',
  'UNFORESEEN',
] as const

export type Cause = (typeof CAUSES)[number]

/** What was tried: a system of a tenant, or the stage itself. */
export interface Place {
  /** As the registry of vendors names it, or `stage`. */
  readonly system: string
  readonly tenantSpaceId?: string
  /** The setting that holds the address of the call. */
  readonly field?: string
}

/** Each member is a name, a number or a sentence of a schema's own: see `ErrorDetail`. */
export interface Finding extends Place, ErrorDetail {
  readonly cause: Cause
  /** The address from which the call came, where the vendor's refusal says it. */
  readonly address?: string
  /** A `note` is worth knowing, and nothing is wrong. */
  readonly level: 'wrong' | 'note'
}

/** Worth knowing, and nothing is wrong. */
const NOTES: ReadonlySet<Cause> = new Set<Cause>([
  'CHANNEL_UNTRIED',
  'NOT_TRIED',
  'CALLERS_NONE',
  'USER_IDS_SHARED',
  'PREWARM_NEVER',
])

export const finding = (place: Place, cause: Cause, detail: ErrorDetail = {}): Finding => ({
  ...place,
  ...detail,
  cause,
  level: NOTES.has(cause) ? 'note' : 'wrong',
})
