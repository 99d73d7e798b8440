/** A memory with a bound: what was set longest ago makes room for what is new. */

export interface BoundedMap<Key, Value> {
  readonly get: (key: Key) => Value | undefined
  /** Makes the entry the newest, also where the key was known. */
  readonly set: (key: Key, value: Value) => void
  readonly delete: (key: Key) => void
}

export interface Eviction<Value> {
  /** Whether a value may make room. Where none may, the map grows beyond its bound. Default every one may. */
  readonly mayEvict?: (value: Value) => boolean
  /** Hears of each value that had to make room. */
  readonly onEvict?: (value: Value) => void
}

/** Holds at most `most` entries. Reading an entry does not make it newer. */
export const boundedMap = <Key, Value>(
  most: number,
  { mayEvict = () => true, onEvict = () => undefined }: Eviction<Value> = {},
): BoundedMap<Key, Value> => {
  const entries = new Map<Key, Value>()

  const makeRoom = (): void => {
    for (const [key, value] of entries) {
      if (!mayEvict(value)) continue
      entries.delete(key)
      onEvict(value)
      return
    }
  }

  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key)
      if (entries.size >= most) makeRoom()
      entries.set(key, value)
    },
    delete: (key) => {
      entries.delete(key)
    },
  }
}
