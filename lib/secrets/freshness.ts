/** What is remembered of one secret, and whether it may still be used. No clock and no reading: a decision alone. */

import type { BridgeError } from '../errors.ts'

export interface SecretLimits {
  /** How long a value is used without asking again. Jitter only shortens it. Default 300 s. */
  readonly maxAgeSeconds: number
  /** How much longer it is used while Secrets Manager cannot be reached. Default 900 s. */
  readonly maxStaleSeconds: number
  /** Least time between two forced re-reads of one secret. Default 30 s. */
  readonly forcedReadSeconds: number
  /** Least time between two tries while a stale value is served, or after a failure that is final. Default 5 s. */
  readonly retrySeconds: number
}

export const SECRET_LIMITS: SecretLimits = {
  maxAgeSeconds: 300,
  maxStaleSeconds: 900,
  forcedReadSeconds: 30,
  retrySeconds: 5,
}

const JITTER = 0.1

export interface Secret<T> {
  readonly value: T
  readonly versionId: string
}

/** A value, and how long it is good. All times are the sandbox's own: see `cacheTime`. */
export interface HeldSecret {
  readonly secret: Secret<unknown>
  /** Before the read that brought it. */
  readonly askedAt: number
  readonly freshUntil: number
  readonly staleUntil: number
}

/** What is remembered of one secret. */
export interface SecretEntry {
  held?: HeldSecret | undefined
  /** A read has failed: none before `until`. A final failure is thrown again until then, since asking at once only costs. */
  pause?: { readonly until: number; readonly failure?: BridgeError } | undefined
  /** The last forced read. */
  forcedAt?: number
}

export type Freshness =
  /** Used without asking. */
  | { readonly state: 'fresh'; readonly secret: Secret<unknown> }
  /** Asked for again; it stands in only while Secrets Manager cannot be reached. */
  | { readonly state: 'stale'; readonly secret: Secret<unknown> }
  /** A read has failed a moment ago: no other one before some seconds have passed. */
  | { readonly state: 'retry-later'; readonly outcome: Secret<unknown> | BridgeError }
  /** There is nothing that may be used. */
  | { readonly state: 'absent' }

/** `at`: by the sandbox's time. */
export const freshnessOf = ({ held, pause }: Pick<SecretEntry, 'held' | 'pause'>, at: number): Freshness => {
  if (held !== undefined && at < held.freshUntil) return { state: 'fresh', secret: held.secret }
  const usable = held !== undefined && at < held.staleUntil ? held.secret : undefined
  const outcome = pause?.failure ?? usable
  if (pause !== undefined && at < pause.until && outcome !== undefined)
    return { state: 'retry-later', outcome }
  return usable === undefined ? { state: 'absent' } : { state: 'stale', secret: usable }
}

/** Whether a forced read may go out at `at`. */
export const mayForce = ({ forcedAt }: Pick<SecretEntry, 'forcedAt'>, at: number, limits: SecretLimits) =>
  forcedAt === undefined || at - forcedAt >= limits.forcedReadSeconds * 1000

/** A value that was asked for at `askedAt`. `random`, 0 ≤ x < 1, spreads the sandboxes' reads. */
export const heldSecret = (
  secret: Secret<unknown>,
  askedAt: number,
  { limits, random }: { readonly limits: SecretLimits; readonly random: () => number },
): HeldSecret => {
  const freshUntil = askedAt + limits.maxAgeSeconds * 1000 * (1 - JITTER * random())
  return { secret, askedAt, freshUntil, staleUntil: freshUntil + limits.maxStaleSeconds * 1000 }
}
