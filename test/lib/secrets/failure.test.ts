import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../../lib/errors.ts'
import { failedRead, STAND_INS } from '../../../lib/secrets/failure.ts'
import { SecretSourceError } from '../../../lib/secrets/source.ts'

const NAME = 'cec-token-bridge/test/callers'

describe('lib/secrets/failure', () => {
  it.each([
    [new SecretSourceError('transient', 'ThrottlingException'), 'transient', 'ThrottlingException'],
    [new SecretSourceError('final', 'AccessDeniedException'), 'final', 'AccessDeniedException'],
    [new SecretSourceError('unset', 'ResourceNotFoundException'), 'final', 'ResourceNotFoundException'],
    [new TypeError('unforeseen'), 'final', 'Malformed'],
  ])('names the secret and the reason of %s, and keeps it as the cause', (error, kind, reason) => {
    const failed = failedRead(NAME, error)
    expect(failed).toMatchObject({ kind, reason })
    expect(failed.failure).toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: `secret ${NAME} cannot be read (${reason})`,
      detail: { secret: NAME, reason },
      cause: error,
    })
  })

  it('has a code of its own for a secret that KMS does not decrypt', () => {
    const error = new SecretSourceError('kms', 'AccessDeniedException')
    expect(failedRead(NAME, error)).toMatchObject({
      kind: 'kms',
      failure: {
        code: 'SECRET_KMS_REFUSED',
        message: `secret ${NAME} is not decrypted by KMS (AccessDeniedException)`,
        detail: { secret: NAME, reason: 'AccessDeniedException' },
      },
    })
  })

  it('hands on the error of a value that is not of its shape', () => {
    const failure = new BridgeError('SECRET_MALFORMED', 'secret a: colour: expected a colour')
    expect(failedRead(NAME, failure)).toEqual({ kind: 'malformed', reason: 'Malformed', failure })
  })

  it('lets nothing stand in for a secret that is gone, and a stale value only while it cannot be asked for', () => {
    expect(STAND_INS).toEqual({ transient: ['fresh', 'stale'], malformed: ['fresh'], kms: [], final: [] })
  })
})
