/** The published keys, for people. */

import type { JwksSecret, PublicJwk } from '../../../lib/schemas/key-secrets.ts'

export interface Keys {
  readonly all: readonly PublicJwk[]
  /** Rotation publishes a key behind those that are in use before it: the first that is not retired signs. */
  readonly active: PublicJwk | undefined
  readonly next: PublicJwk | undefined
}

export const keysOf = ({ keys }: JwksSecret): Keys => {
  const [active, next] = inUse(keys)
  return { all: keys, active, next }
}

/** A ring has two; a third is of a rotation that has not finished. */
export const inUse = (keys: readonly PublicJwk[]): readonly PublicJwk[] =>
  keys.filter(({ verifyUntil }) => verifyUntil === undefined)

export const keyTable = ({ all, active, next }: Keys): string => {
  if (all.length === 0) return '  there are no keys yet'
  const stateOf = (key: PublicJwk): string => {
    if (key.verifyUntil !== undefined) return `retired, verifies until ${timeOf(key.verifyUntil)}`
    if (key === active) return 'signs'
    return key === next ? 'next' : 'of a rotation that has not finished'
  }
  return all.map((key) => `  ${key.kid}  public since ${timeOf(key.publishedAt)}  ${stateOf(key)}`).join('\n')
}

export const timeOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString()
