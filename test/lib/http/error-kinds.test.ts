import { describe, expect, it } from 'vitest'
import type { ErrorKind } from '../../../lib/errors.ts'
import { ERROR_KINDS } from '../../../lib/http/error-kinds.ts'

/** Status, number, word and level: clients and alarms are built on them. */
const CONTRACT: Readonly<Record<ErrorKind, string>> = {
  malformed: '400 990004000 MALFORMED INFO',
  'vendor-values': '400 990004007 VENDOR_VALUES INFO',
  'too-large': '413 990004130 TOO_LARGE INFO',
  unauthenticated: '401 990004010 UNAUTHENTICATED INFO',
  'chat-token': '401 990004011 CHAT_TOKEN_REFUSED INFO',
  forbidden: '403 990004030 FORBIDDEN INFO',
  'not-found': '404 990004040 NOT_FOUND INFO',
  'no-system': '404 990004042 NO_SYSTEM WARN',
  conflict: '409 990004090 CONFLICT INFO',
  'not-ours': '400 990004000 TOKEN_REFUSED INFO',
  expired: '400 990004000 TOKEN_REFUSED INFO',
  mismatch: '400 990004000 TOKEN_REFUSED INFO',
  'not-admitted': '400 990004000 TOKEN_REFUSED INFO',
  throttled: '429 990004290 THROTTLED INFO',
  internal: '500 990005000 INTERNAL ERROR',
  'vendor-reply': '502 990005020 VENDOR_REPLY INFO',
  'vendor-credential': '502 990005023 VENDOR_CREDENTIAL WARN',
  'vendor-entitlement': '502 990005024 VENDOR_ENTITLEMENT WARN',
  'vendor-file': '502 990005027 VENDOR_FILE INFO',
  'vendor-address': '502 990005026 VENDOR_ADDRESS WARN',
  'vendor-refusal': '503 990005035 VENDOR_REFUSAL WARN',
  unavailable: '503 990005030 UNAVAILABLE ERROR',
  kms: '503 990005036 KMS ERROR',
  timeout: '504 990005040 TIMEOUT INFO',
}

describe('lib/http/error-kinds', () => {
  it('keeps what clients and alarms are built on', () => {
    const found = Object.entries(ERROR_KINDS).map(([kind, { status, number, word, level = 'INFO' }]) => [
      kind,
      `${status} ${number} ${word} ${level}`,
    ])
    expect(Object.fromEntries(found)).toEqual(CONTRACT)
  })

  it('says nothing of why a token of this system, a credential or the service has failed', () => {
    const fixed = Object.entries(ERROR_KINDS).filter(([, { message }]) => message !== undefined)
    expect(fixed.map(([kind]) => kind).sort()).toEqual([
      'expired',
      'internal',
      'mismatch',
      'not-admitted',
      'not-ours',
      'unauthenticated',
      'unavailable',
    ])
  })
})
