/** Items that stand in several copies, read as if there were one. */

import { boundedMap } from '../concurrency/bounded-map.ts'
import type { DirectoryItems, Item } from './dynamodb-items.ts'
import { copiesOf } from './items.ts'

/** More keys than a stage has signing keys, by far. */
const MOST_KEYS = 1_000

/**
 * Asks for one copy: of each key for the first at first, which is written before all others, and from then on for any, so that no
 * copy bears the reads of all sandboxes. A revoked key stays revoked: once found, it is not asked for again. A retired one may be
 * revoked yet.
 */
export const copiedItems = (items: DirectoryItems, random: () => number): DirectoryItems => {
  /** By key: what was found and stays so, or that the first copy was asked for. */
  const seen = boundedMap<string, { readonly item: Item | undefined }>(MOST_KEYS)

  const copyOf = (key: string): string => {
    const copies = copiesOf(key)
    const isKnown = seen.get(key) !== undefined
    return copies[isKnown ? Math.floor(random() * copies.length) : 0] ?? key
  }

  return {
    read: async (keys, deadline) => {
      const asked = keys
        .filter((key) => seen.get(key)?.item === undefined)
        .map((key) => [key, copyOf(key)] as const)
      const answers = await items.read(
        asked.map(([, copy]) => copy),
        deadline,
      )
      for (const [key, copy] of asked)
        if (copiesOf(key).length > 1) seen.set(key, { item: lasting(answers.get(copy)) })
      const copies = new Map(asked)
      const found = keys.map(
        (key) => [key, seen.get(key)?.item ?? answers.get(copies.get(key) ?? key)] as const,
      )
      return new Map(found.flatMap(([key, item]) => (item ? [[key, item] as const] : [])))
    },
  }
}

const lasting = (item: Item | undefined): Item | undefined =>
  item?.['endsAt'] === undefined ? item : undefined
