/** When a caller is told a failure: one sentence for each row of the page of errors. */

import type { ErrorCode, ErrorKind } from '../../lib/errors.ts'

export interface OwnRow {
  readonly kind: ErrorKind
  /** Of this kind, those that our own routes answer with. */
  readonly codes: readonly ErrorCode[]
  readonly when: string
}

/** Of our own routes. The row without a kind is API Gateway's. */
export const OWN_ROUTES: readonly (OwnRow | { readonly status: number; readonly when: string })[] = [
  {
    kind: 'malformed',
    codes: [
      'BODY_MISSING',
      'BODY_NOT_JSON',
      'BODY_NOT_UTF8',
      'BODY_TOO_DEEP',
      'BODY_MEMBER_REPEATED',
      'BODY_INVALID',
    ],
    when: 'the body is not what it should be; `field` is the path',
  },
  {
    kind: 'unauthenticated',
    codes: [],
    when: "no credential, a wrong or expired one, one that the route does not take, or a back end's in a browser; which of these is in the log",
  },
  {
    kind: 'forbidden',
    codes: ['SCOPE_MISSING', 'TENANT_FORBIDDEN', 'USER_FORBIDDEN'],
    when: 'the caller may not do this, not for this tenant, or not for this user',
  },
  { kind: 'forbidden', codes: ['USER_DISABLED'], when: 'the user is known and shut out' },
  { kind: 'not-found', codes: ['USER_UNKNOWN'], when: 'the directory does not know the user' },
  { kind: 'conflict', codes: ['USER_NAME_DIFFERS'], when: 'the directory has another name for the user' },
  {
    kind: 'too-large',
    codes: ['BODY_TOO_LARGE'],
    when: 'more than 16 KiB; for `/users/batch` more than 512 KiB',
  },
  {
    kind: 'throttled',
    codes: ['RATE_EXCEEDED'],
    when: 'too many tokens for one user of the directory in this minute; `Retry-After` says how long',
  },
  { status: 429, when: "more calls than the route's throttling lets through; API Gateway's own answer" },
  { kind: 'internal', codes: [], when: 'our fault; quote the `x-request-id` header' },
  {
    kind: 'unavailable',
    codes: [],
    when: 'our fault, such as a table that does not answer; quote the `x-request-id` header',
  },
]

/** Of the vendors' routes. */
export const VENDOR_ROUTES: Readonly<Partial<Record<ErrorKind, string>>> = {
  malformed:
    'the body or query is not what it should be, or no tenant is named; the message says which member',
  'vendor-values': 'the vendor refuses the values of the request; of `applyToken` check `channelId` first',
  unauthenticated: 'no valid credential',
  'chat-token': '`ccmessaging-token` is missing or dead: ask `applyToken` for another',
  forbidden: 'the caller may not do this, or not for this tenant, `appKey`, `AppId` or channel',
  'no-system': 'the tenant has no account with this vendor',
  'too-large': 'more than 16 KiB; for `uploadFileStream` a file of more than 2 MiB',
  throttled:
    "the vendor asks for fewer calls, Alibaba's limit per account or ours per user is reached, or polls occupy all their executions; `Retry-After` says how long",
  internal: 'our fault; quote the `x-request-id` header',
  unavailable: 'our fault, or the vendor cannot be reached; quote the `x-request-id` header',
  'vendor-reply': 'the vendor answers what its documents do not describe',
  'vendor-credential':
    "the vendor refuses the tenant's credentials; they are not shown to it again until they change (CEC and Alibaba: for 15 minutes). Or it refuses other settings, which the message names",
  'vendor-entitlement': 'the vendor does not serve the tenant: purchase or account status',
  'vendor-address': 'the vendor does not know the address; the message names the setting',
  'vendor-file': 'the file that CEC sends has more than 2 MiB',
  'vendor-refusal':
    "the vendor refuses without a reason: key, secret, address list or a firewall; or Alibaba's RAM user lacks a permission, which the message names",
  kms: "KMS does not decrypt the tenant's secret: its key is missing in `secretsKmsKeyArns`, or its policy refuses, or it is disabled",
  timeout: 'the vendor does not answer in time',
}

/** Alibaba's routes never answer so. */
export const CEC_ALONE: readonly ErrorKind[] = ['chat-token', 'vendor-file']

/** What the validate routes write into the log, in the order of the checks. */
export const VALIDATE_CODES: readonly ErrorCode[] = [
  'BODY_MISSING',
  'BODY_NOT_JSON',
  'BODY_NOT_UTF8',
  'BODY_TOO_DEEP',
  'BODY_TOO_LARGE',
  'BODY_MEMBER_REPEATED',
  'BODY_INVALID',
  'TOKEN_TOO_LARGE',
  'TOKEN_MALFORMED',
  'TOKEN_HEADER_UNKNOWN',
  'TOKEN_KEY_RETIRED',
  'TOKEN_SIGNATURE_INVALID',
  'TOKEN_CLAIMS_INVALID',
  'TOKEN_LIFETIME_TOO_LONG',
  'TOKEN_ISSUED_AHEAD',
  'TOKEN_ISSUER_WRONG',
  'TOKEN_KEY_REVOKED',
  'TOKEN_EXPIRED',
  'TOKEN_TENANT_DIFFERS',
  'TOKEN_USER_DIFFERS',
  'TOKEN_NAME_DIFFERS',
  'TOKEN_USER_UNKNOWN',
  'TOKEN_USER_INACTIVE',
  'TOKEN_REVOKED',
  'SOURCE_FORBIDDEN',
  'KEYS_NOT_INITIALISED',
  'SECRET_UNAVAILABLE',
  'SECRET_KMS_REFUSED',
  'SECRET_MALFORMED',
  'DIRECTORY_UNAVAILABLE',
  'DIRECTORY_MALFORMED',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
]
