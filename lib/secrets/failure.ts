/** A read of a secret that has failed: what it is called, and which remembered value may stand in for it. */

import { BridgeError } from '../errors.ts'
import type { Freshness } from './freshness.ts'
import { SecretSourceError } from './source.ts'

export interface FailedRead {
  /**
   * `transient`: Secrets Manager cannot be reached. `malformed`: the value is there, and not of its shape.
   * `final`: denied, gone, not decryptable, or anything unforeseen.
   */
  readonly kind: 'transient' | 'malformed' | 'final'
  /** The service's own name for it. */
  readonly reason: string
  /** SECRET_UNAVAILABLE or SECRET_MALFORMED. */
  readonly failure: BridgeError
}

/**
 * What may be served after a failed read. A broken value does not replace a good one while that is fresh. A secret that is gone or
 * closed was perhaps meant to be: nothing stands in for it.
 */
export const STAND_INS: Readonly<Record<FailedRead['kind'], readonly Freshness['state'][]>> = {
  transient: ['fresh', 'stale'],
  malformed: ['fresh'],
  final: [],
}

/** `error` is what the read has thrown. `secret` is the secret's name. */
export const failedRead = (secret: string, error: unknown): FailedRead => {
  if (error instanceof BridgeError) return { kind: 'malformed', reason: 'Malformed', failure: error }
  const isSource = error instanceof SecretSourceError
  const reason = isSource ? error.reason : 'Malformed'
  const failure = new BridgeError('SECRET_UNAVAILABLE', `secret ${secret} cannot be read (${reason})`, {
    detail: { secret, reason },
    cause: error,
  })
  return { kind: isSource && error.failure === 'transient' ? 'transient' : 'final', reason, failure }
}
