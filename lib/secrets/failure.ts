/** A read of a secret that has failed: what it is called, and which remembered value may stand in for it. */

import { BridgeError } from '../errors.ts'
import type { Freshness } from './freshness.ts'
import { SecretSourceError } from './source.ts'

export interface FailedRead {
  /**
   * `transient`: Secrets Manager cannot be reached. `malformed`: the value is there, and not of its shape.
   * `kms`: KMS does not decrypt it. `final`: denied, gone, or anything unforeseen.
   */
  readonly kind: 'transient' | 'malformed' | 'kms' | 'final'
  /** The service's own name for it. */
  readonly reason: string
  /** SECRET_UNAVAILABLE, SECRET_KMS_REFUSED or SECRET_MALFORMED. */
  readonly failure: BridgeError
}

/**
 * What may be served after a failed read. A broken value does not replace a good one while that is fresh. A secret that is gone or
 * closed was perhaps meant to be: nothing stands in for it.
 */
export const STAND_INS: Readonly<Record<FailedRead['kind'], readonly Freshness['state'][]>> = {
  transient: ['fresh', 'stale'],
  malformed: ['fresh'],
  kms: [],
  final: [],
}

/** `error` is what the read has thrown. `secret` is the secret's name, `secretVersion` what was read of it before that. */
export const failedRead = (secret: string, error: unknown, secretVersion?: string): FailedRead => {
  if (error instanceof BridgeError)
    return { kind: 'malformed', reason: 'Malformed', failure: withVersion(error, secretVersion) }
  const kind = kindOf(error)
  const reason = error instanceof SecretSourceError ? error.reason : 'Malformed'
  const { code, wrong } = kind === 'kms' ? REFUSED_BY_KMS : UNREADABLE
  const failure = new BridgeError(code, `secret ${secret} ${wrong} (${reason})`, {
    detail: { secret, reason },
    cause: error,
  })
  return { kind, reason, failure }
}

const withVersion = (error: BridgeError, secretVersion: string | undefined): BridgeError =>
  secretVersion === undefined
    ? error
    : new BridgeError(error.code, error.message, { detail: { ...error.detail, secretVersion }, cause: error })

const kindOf = (error: unknown): FailedRead['kind'] =>
  error instanceof SecretSourceError && error.failure !== 'unset' ? error.failure : 'final'

const UNREADABLE = { code: 'SECRET_UNAVAILABLE', wrong: 'cannot be read' } as const
const REFUSED_BY_KMS = { code: 'SECRET_KMS_REFUSED', wrong: 'is not decrypted by KMS' } as const
