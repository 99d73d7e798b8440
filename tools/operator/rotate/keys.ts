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

export type KeyState = 'signs' | 'next' | 'retired' | 'unfinished'

/** `unfinished`: of a rotation that has not finished. */
const stateOf = (key: PublicJwk, { active, next }: Keys): KeyState => {
  if (key.verifyUntil !== undefined) return 'retired'
  if (key === active) return 'signs'
  return key === next ? 'next' : 'unfinished'
}

const words = (key: PublicJwk, state: KeyState): string =>
  ({
    signs: 'signs',
    next: 'next',
    retired: `retired, verifies until ${timeOf(key.verifyUntil ?? 0)}`,
    unfinished: 'of a rotation that has not finished',
  })[state]

export const keyTable = (keys: Keys): string =>
  keys.all.length === 0
    ? '  there are no keys yet'
    : keys.all
        .map(
          (key) => `  ${key.kid}  public since ${timeOf(key.publishedAt)}  ${words(key, stateOf(key, keys))}`,
        )
        .join('\n')

/** The same for scripts. */
export const keyList = (keys: Keys): readonly object[] =>
  keys.all.map((key) => ({
    kid: key.kid,
    state: stateOf(key, keys),
    publishedAt: timeOf(key.publishedAt),
    ...(key.verifyUntil === undefined ? {} : { verifyUntil: timeOf(key.verifyUntil) }),
  }))

export const timeOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString()
