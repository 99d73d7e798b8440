/** Tokens that Alibaba has its customers compute: one hash, which nothing but the AppKey protects. */

import { createHash } from 'node:crypto'

/**
 * Lower-case hex SHA-256 of the fields, written one after the other (Alibaba Live, "token-based authentication" and
 * "im-server-integration"). Nothing stands between two fields: a token also proves every other division of the same
 * characters. `tokenNonce` keeps the time out of that. docs/alibaba-live.md says what it means for ids.
 */
export const computedToken = (...fields: readonly string[]): string =>
  createHash('sha256').update(fields.join(''), 'utf8').digest('hex')

/**
 * A nonce of 33 characters out of a-z and 0-9, from at least 128 random bits as base64url. It ends with a letter:
 * digits at its end could be read as the first digits of the expiry, which would then lie thousands of years ahead.
 */
export const tokenNonce = (newId: () => string): string =>
  `${Buffer.from(newId(), 'base64url').toString('hex').slice(0, 32)}n`

/** Seconds that a token lives where the settings say nothing: it cannot be revoked, and a page keeps it less well. */
export const DEFAULT_LIFETIME_SECONDS = { page: 3600, 'back-end': 86_400 } as const

export interface ComputedTokenDeps {
  readonly now: () => Date
  readonly newId: () => string
}

/** Epoch seconds at which a token ends. `lifetimeSeconds` of the settings counts for pages and back ends alike. */
export const tokenEnd = (
  now: Date,
  holder: keyof typeof DEFAULT_LIFETIME_SECONDS,
  lifetimeSeconds: number = DEFAULT_LIFETIME_SECONDS[holder],
): number => Math.floor(now.getTime() / 1000) + lifetimeSeconds
