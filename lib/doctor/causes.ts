/** Which cause a failure has: by its code, and where that leaves it open by the vendor's own code or the network's word. */

import { asBridgeError, type BridgeError, type ErrorCode } from '../errors.ts'
import type { Cause } from './findings.ts'

/** Codes of the vendors' documents. No two vendors have one in common. */
const BY_UPSTREAM_CODE: Readonly<Record<string, Cause>> = {
  // OIAP
  '200800001': 'KEY_UNKNOWN',
  '200800002': 'PASSWORD_WRONG',
  '200800003': 'ACCOUNT_LOCKED',
  // Alibaba
  'InvalidAccessKeyId.NotFound': 'KEY_UNKNOWN',
  'InvalidAccessKeyId.Inactive': 'KEY_DISABLED',
  'Forbidden.AccessKeyDisabled': 'KEY_DISABLED',
  SignatureDoesNotMatch: 'KEY_SECRET_WRONG',
  'InvalidSecurityToken.Expired': 'TEMPORARY_KEY_REFUSED',
  'InvalidSecurityToken.Malformed': 'TEMPORARY_KEY_REFUSED',
  'InvalidSecurityToken.MismatchWithAccessKey': 'TEMPORARY_KEY_REFUSED',
  'InvalidSecurityToken*': 'TEMPORARY_KEY_REFUSED',
  MissingSecurityToken: 'TEMPORARY_KEY_REFUSED',
  'InvalidTimeStamp.Expired': 'CLOCK',
}

/** Reasons of calls that came to nothing: Node's names of network failures, our own words, and those of lib/outbound/tls-reason.ts. */
const BY_REASON: Readonly<Record<string, Cause>> = {
  ENOTFOUND: 'NAME_UNKNOWN',
  EAI_AGAIN: 'NAME_UNKNOWN',
  ENODATA: 'NAME_UNKNOWN',
  reset: 'CONNECTION_LOST',
  'no answer': 'NO_ANSWER',
  'no time left': 'TIME_USED_UP',
  '5xx': 'VENDOR_DOWN',
  'TLS: certificate self-signed': 'CA_MISSING',
  'TLS: CA unknown': 'CA_MISSING',
  'TLS: intermediate missing or CA unknown': 'INTERMEDIATE_OR_CA_MISSING',
  'TLS: certificate expired': 'CERTIFICATE_EXPIRED',
  'TLS: certificate not yet valid': 'CERTIFICATE_NOT_YET_VALID',
  'TLS: certificate of another name': 'CERTIFICATE_OF_OTHER_NAME',
  'TLS: certificate revoked': 'CERTIFICATE_REFUSED',
  'TLS: certificate weak': 'CERTIFICATE_REFUSED',
  'TLS: certificate refused': 'CERTIFICATE_REFUSED',
  'TLS: client certificate demanded': 'CLIENT_CERTIFICATE_DEMANDED',
  'TLS: not spoken there': 'TLS_NOT_SPOKEN',
  'TLS: DH key too small': 'TLS_REFUSED',
  'TLS: version too old': 'TLS_REFUSED',
  'TLS: server name unknown': 'TLS_REFUSED',
  'TLS: no common cipher': 'TLS_REFUSED',
  'TLS: handshake failed': 'TLS_REFUSED',
}

/** Secrets Manager's words for a secret that is not there, or must not be read: it does not tell these apart. */
const ABSENT = new Set(['ResourceNotFoundException', 'AccessDeniedException', 'InvalidRequestException'])

const byVendor =
  (otherwise: Cause) =>
  ({ detail: { upstreamCode = '' } }: BridgeError): Cause =>
    BY_UPSTREAM_CODE[upstreamCode] ?? otherwise

/** Where a vendor has answered, or was asked before, nothing is wrong with the way to it. */
const unreached =
  (otherwise: Cause) =>
  ({ detail: { reason = '', upstreamStatus, upstreamCode = '' } }: BridgeError): Cause =>
    upstreamStatus === undefined
      ? (BY_REASON[reason] ?? otherwise)
      : (BY_UPSTREAM_CODE[upstreamCode] ?? 'VENDOR_DOWN')

const unreadable = ({ detail: { reason = '' } }: BridgeError): Cause =>
  ABSENT.has(reason) ? 'SECRET_ABSENT' : 'SECRET_UNREADABLE'

const BY_CODE: Partial<Readonly<Record<ErrorCode, Cause | ((error: BridgeError) => Cause)>>> = {
  TENANT_WITHOUT_SYSTEM: 'SECRET_ABSENT',
  SECRET_UNAVAILABLE: unreadable,
  SECRET_MALFORMED: 'SECRET_MALFORMED',
  SECRET_KMS_REFUSED: 'SECRET_KMS_REFUSED',
  TENANT_KMS_REFUSED: 'SECRET_KMS_REFUSED',
  TOKEN_STORE_UNAVAILABLE: 'TABLE_UNREADABLE',
  DEADLINE_EXCEEDED: 'TIME_USED_UP',
  RATE_EXCEEDED: 'THROTTLED_HERE',
  BODY_INVALID: 'USER_ID_PATTERN',
  CHAT_TOKEN_REFUSED: 'CHAT_REFUSED',
  UPSTREAM_CREDENTIAL: byVendor('KEY_REFUSED'),
  UPSTREAM_REFUSED: 'KEY_OR_ADDRESS_REFUSED',
  UPSTREAM_PERMISSION_MISSING: 'ACTION_MISSING',
  UPSTREAM_NOT_ENTITLED: 'NOT_BOUGHT',
  UPSTREAM_SETTINGS_REFUSED: 'SETTINGS_REFUSED',
  UPSTREAM_VALUES_REFUSED: 'CHANNEL_REFUSED',
  UPSTREAM_INVALID_REQUEST: 'REQUEST_REFUSED',
  UPSTREAM_ADDRESS_WRONG: 'ADDRESS_WRONG',
  UPSTREAM_ADDRESS_REFUSED: 'ADDRESS_FORBIDDEN',
  UPSTREAM_THROTTLED: 'THROTTLED',
  UPSTREAM_UNAVAILABLE: unreached('NOT_CONNECTED'),
  UPSTREAM_TIMEOUT: unreached('NOT_CONNECTED'),
  UPSTREAM_UNEXPECTED: 'REPLY_UNEXPECTED',
  OIDC_KEYS_UNAVAILABLE: 'ISSUER_UNREACHABLE',
  OIDC_PROVIDER_MISCONFIGURED: 'ISSUER_MISCONFIGURED',
}

/** The cause of a failure. `UNFORESEEN` for one that no step of a doctor's should have. */
export const causeOf = (error: unknown): Cause => {
  const failure = asBridgeError(error)
  const found = BY_CODE[failure.code]
  return typeof found === 'function' ? found(failure) : (found ?? 'UNFORESEEN')
}
