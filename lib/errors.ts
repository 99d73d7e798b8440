/** Every error that this system names: one table of stable codes, each of one kind. Error formats map kinds, logs carry codes. */

/** What a failure means to whoever asked. `lib/http/error-kinds.ts` says what each kind is, `error-formats.ts` words it once per system. */
export type ErrorKind =
  | 'malformed'
  | 'too-large'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'not-ours'
  | 'expired'
  | 'mismatch'
  | 'not-admitted'
  | 'unavailable'
  | 'internal'
  | 'no-system'
  | 'kms'
  | 'vendor-values'
  | 'vendor-address'
  | 'vendor-credential'
  | 'vendor-refusal'
  | 'vendor-entitlement'
  | 'vendor-reply'
  | 'vendor-file'
  | 'chat-token'
  | 'throttled'
  | 'timeout'

export const ERRORS = {
  BODY_MISSING: 'malformed',
  BODY_TOO_LARGE: 'too-large',
  FILE_TOO_LARGE: 'too-large',
  BODY_NOT_UTF8: 'malformed',
  BODY_TOO_DEEP: 'malformed',
  BODY_NOT_JSON: 'malformed',
  BODY_MEMBER_REPEATED: 'malformed',
  BODY_INVALID: 'malformed',
  TENANT_UNNAMED: 'malformed',
  QUERY_INVALID: 'malformed',
  HEADER_INVALID: 'malformed',

  SOURCE_FORBIDDEN: 'forbidden',
  CALLER_MISSING: 'unauthenticated',
  CALLER_MALFORMED: 'unauthenticated',
  CALLER_TOO_LARGE: 'unauthenticated',
  CALLER_FROM_BROWSER: 'unauthenticated',
  CALLER_UNKNOWN: 'unauthenticated',
  CALLER_EXPIRED: 'unauthenticated',
  CALLER_KIND_REFUSED: 'unauthenticated',

  ACCESS_TOKEN_TOO_LARGE: 'unauthenticated',
  ACCESS_TOKEN_MALFORMED: 'unauthenticated',
  ACCESS_TOKEN_HEADER_UNKNOWN: 'unauthenticated',
  ACCESS_TOKEN_KEY_RETIRED: 'unauthenticated',
  ACCESS_TOKEN_KEY_REVOKED: 'unauthenticated',
  ACCESS_TOKEN_SIGNATURE_INVALID: 'unauthenticated',
  ACCESS_TOKEN_CLAIMS_INVALID: 'unauthenticated',
  ACCESS_TOKEN_LIFETIME_TOO_LONG: 'unauthenticated',
  ACCESS_TOKEN_ISSUED_AHEAD: 'unauthenticated',
  ACCESS_TOKEN_ISSUER_WRONG: 'unauthenticated',
  ACCESS_TOKEN_AUDIENCE_WRONG: 'unauthenticated',
  ACCESS_TOKEN_EXPIRED: 'unauthenticated',
  ACCESS_TOKEN_USER_UNKNOWN: 'unauthenticated',
  ACCESS_TOKEN_USER_INACTIVE: 'unauthenticated',
  ACCESS_TOKEN_REVOKED: 'unauthenticated',

  OIDC_ISSUER_UNKNOWN: 'unauthenticated',
  OIDC_HEADER_INVALID: 'unauthenticated',
  OIDC_TYPE_REFUSED: 'unauthenticated',
  OIDC_KEY_UNKNOWN: 'unauthenticated',
  OIDC_SIGNATURE_INVALID: 'unauthenticated',
  OIDC_CLAIMS_INVALID: 'unauthenticated',
  OIDC_AUDIENCE_WRONG: 'unauthenticated',
  OIDC_CLIENT_UNKNOWN: 'unauthenticated',
  OIDC_CLAIM_REFUSED: 'unauthenticated',
  OIDC_ISSUED_AHEAD: 'unauthenticated',
  OIDC_NOT_YET_VALID: 'unauthenticated',
  OIDC_EXPIRED: 'unauthenticated',
  OIDC_TOO_OLD: 'unauthenticated',
  OIDC_TENANT_UNKNOWN: 'unauthenticated',
  OIDC_SUBJECT_UNKNOWN: 'unauthenticated',
  OIDC_NOT_A_USER: 'unauthenticated',
  OIDC_USER_INVALID: 'unauthenticated',
  OIDC_USER_UNKNOWN: 'unauthenticated',
  OIDC_USER_INACTIVE: 'unauthenticated',
  OIDC_KEYS_UNAVAILABLE: 'unavailable',
  OIDC_PROVIDER_MISCONFIGURED: 'internal',

  SCOPE_MISSING: 'forbidden',
  TENANT_FORBIDDEN: 'forbidden',

  USER_UNKNOWN: 'not-found',
  USER_NAME_DIFFERS: 'conflict',
  USER_DISABLED: 'forbidden',

  TOKEN_TOO_LARGE: 'not-ours',
  TOKEN_MALFORMED: 'not-ours',
  TOKEN_HEADER_UNKNOWN: 'not-ours',
  TOKEN_KEY_RETIRED: 'not-ours',
  TOKEN_KEY_REVOKED: 'not-ours',
  TOKEN_SIGNATURE_INVALID: 'not-ours',
  TOKEN_CLAIMS_INVALID: 'not-ours',
  TOKEN_LIFETIME_TOO_LONG: 'not-ours',
  TOKEN_ISSUED_AHEAD: 'not-ours',
  TOKEN_ISSUER_WRONG: 'not-ours',
  TOKEN_EXPIRED: 'expired',
  TOKEN_TENANT_DIFFERS: 'mismatch',
  TOKEN_USER_DIFFERS: 'mismatch',
  TOKEN_NAME_DIFFERS: 'mismatch',
  TOKEN_USER_UNKNOWN: 'not-admitted',
  TOKEN_USER_INACTIVE: 'not-admitted',
  TOKEN_REVOKED: 'not-admitted',

  KEYS_NOT_INITIALISED: 'unavailable',
  KEY_UNPUBLISHED: 'unavailable',
  KEY_TOO_YOUNG: 'unavailable',
  KEY_RETIRED: 'unavailable',
  KEY_REVOKED: 'unavailable',
  SECRET_UNAVAILABLE: 'unavailable',
  SECRET_KMS_REFUSED: 'unavailable',
  SECRET_MALFORMED: 'unavailable',
  CALLERS_UNAVAILABLE: 'unavailable',
  DIRECTORY_UNAVAILABLE: 'unavailable',
  DIRECTORY_MALFORMED: 'unavailable',
  DEADLINE_EXCEEDED: 'unavailable',
  TOKEN_STORE_UNAVAILABLE: 'unavailable',
  RATE_EXCEEDED: 'throttled',

  TENANT_WITHOUT_SYSTEM: 'no-system',
  TENANT_KMS_REFUSED: 'kms',
  USER_FORBIDDEN: 'forbidden',
  CHANNEL_FORBIDDEN: 'forbidden',
  UPSTREAM_INVALID_REQUEST: 'malformed',
  UPSTREAM_VALUES_REFUSED: 'vendor-values',
  UPSTREAM_ADDRESS_WRONG: 'vendor-address',
  UPSTREAM_CREDENTIAL: 'vendor-credential',
  UPSTREAM_SETTINGS_REFUSED: 'vendor-credential',
  UPSTREAM_REFUSED: 'vendor-refusal',
  UPSTREAM_PERMISSION_MISSING: 'vendor-refusal',
  UPSTREAM_NOT_ENTITLED: 'vendor-entitlement',
  UPSTREAM_THROTTLED: 'throttled',
  UPSTREAM_UNAVAILABLE: 'unavailable',
  UPSTREAM_TIMEOUT: 'timeout',
  UPSTREAM_UNEXPECTED: 'vendor-reply',
  UPSTREAM_FILE_TOO_LARGE: 'vendor-file',
  UPSTREAM_ADDRESS_REFUSED: 'internal',
  CHAT_TOKEN_REFUSED: 'chat-token',

  SETTINGS_INVALID: 'internal',
  EVENT_INVALID: 'internal',
  ROTATION_REFUSED: 'internal',
  INTERNAL: 'internal',
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

/** Fields that may be logged and shown: names and expectations, never a value. */
export interface ErrorDetail {
  /** Path of the member, claim or setting at fault. */
  readonly field?: string
  /** What that member was expected to be: a sentence of the schema's own. */
  readonly expected?: string
  /** Name of the secret at fault. */
  readonly secret?: string
  /** The version of it, as Secrets Manager names it. */
  readonly secretVersion?: string
  /** Name of the underlying failure, such as an AWS error name. */
  readonly reason?: string
  /** HTTP status that a vendor answered with. */
  readonly upstreamStatus?: number
  /** A code of the vendor's own documents, or `unlisted`. */
  readonly upstreamCode?: string
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number
}

/**
 * A failure with a stable `code`. The message names the field and what was expected, never the value:
 * for a 4xx of our own routes it is shown to the caller as it stands.
 */
export class BridgeError extends Error {
  override readonly name = 'BridgeError'
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, message: string, options: { detail?: ErrorDetail; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.kind = ERRORS[code]
    this.detail = options.detail ?? {}
  }
}

/** The error itself where it is ours, otherwise `INTERNAL` with the original as its cause. */
export const asBridgeError = (error: unknown): BridgeError =>
  error instanceof BridgeError
    ? error
    : new BridgeError('INTERNAL', 'an unexpected failure', { cause: error })
