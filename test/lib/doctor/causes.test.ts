import { describe, expect, it } from 'vitest'
import { causeOf } from '../../../lib/doctor/causes.ts'
import { BridgeError, ERRORS, type ErrorCode } from '../../../lib/errors.ts'
import { CONSEQUENCES } from '../../../lib/outbound/failures.ts'
import { TLS_REASONS } from '../../../lib/outbound/tls-reason.ts'

const failure = (code: ErrorCode, detail = {}) => new BridgeError(code, 'failed', { detail })

describe('lib/doctor/causes', () => {
  it.each([...TLS_REASONS])('has a cause of its own for "%s"', (reason) => {
    const cause = causeOf(failure('UPSTREAM_UNAVAILABLE', { reason }))
    expect(cause).toMatch(/^(CA_|INTERMEDIATE_|CERTIFICATE_|CLIENT_CERTIFICATE_|TLS_)/)
  })

  const ofVendors = Object.keys(ERRORS).filter((code) => code.startsWith('UPSTREAM_')) as ErrorCode[]
  it.each(ofVendors.filter((code) => code !== 'UPSTREAM_FILE_TOO_LARGE'))('knows %s', (code) => {
    expect(causeOf(failure(code))).not.toBe('UNFORESEEN')
  })

  it('knows every class of failure', () => {
    for (const { code } of Object.values(CONSEQUENCES)) expect(causeOf(failure(code))).not.toBe('UNFORESEEN')
  })

  it.each([
    ['UPSTREAM_TIMEOUT', { reason: 'not connected' }, 'NOT_CONNECTED'],
    ['UPSTREAM_TIMEOUT', { reason: 'no answer' }, 'NO_ANSWER'],
    ['UPSTREAM_UNAVAILABLE', { reason: 'EHOSTUNREACH' }, 'NOT_CONNECTED'],
    ['UPSTREAM_UNAVAILABLE', { reason: 'EAI_AGAIN' }, 'NAME_UNKNOWN'],
    ['SECRET_UNAVAILABLE', { reason: 'AccessDeniedException' }, 'SECRET_ABSENT'],
    ['SECRET_UNAVAILABLE', { reason: 'ThrottlingException' }, 'SECRET_UNREADABLE'],
    ['RATE_EXCEEDED', {}, 'THROTTLED_HERE'],
    ['DEADLINE_EXCEEDED', {}, 'TIME_USED_UP'],
    ['INTERNAL', {}, 'UNFORESEEN'],
  ] as const)('%s with %j is %s', (code, detail, cause) => {
    expect(causeOf(failure(code, detail))).toBe(cause)
  })

  it('takes what nobody foresaw for that', () => {
    expect(causeOf(new TypeError('x'))).toBe('UNFORESEEN')
  })
})
