/** The token store's table in memory, as strict as DynamoDB, with counters: for simulations and tests. */

import type { Deadline } from '../../../lib/concurrency/deadline.ts'
import { BridgeError } from '../../../lib/errors.ts'
import { type AsSeen, type Item, LISTED, type Table, type Value } from '../../../lib/table/table.ts'

const MAX_KEY_BYTES = 2_048
const MAX_ITEM_BYTES = 400 * 1_024
/** Items of a page. DynamoDB cuts by size, at 1 MB, which is some thousand of ours. */
const PAGE = 1_000

export type Operation = keyof Table

export interface MemoryTable extends Table {
  /** Items that `get` and `listed` have returned. */
  readonly reads: () => number
  /** Requests by operation, as DynamoDB would get them: each page of a list is one. Refused ones count. */
  readonly calls: () => Readonly<Record<Operation, number>>
  readonly resetCounters: () => void
  /** All items, keys included, in the order in which they were made. */
  readonly dump: () => readonly Item[]
}

/** A place in a list. */
interface Place {
  readonly at: number
  readonly pk: string
}

/**
 * An empty table. What DynamoDB would refuse is TOKEN_STORE_UNAVAILABLE here too, as is a call without time left;
 * no other call fails or waits. Items of one list with the same `listedAt` come in the order of their keys, where
 * DynamoDB promises none. `sweepAt` sweeps nothing. Not checked: the precision of numbers.
 */
export const memoryTable = (): MemoryTable => {
  const items = new Map<string, Item>()
  const lists = new Map<string, Place[]>()
  const none = { get: 0, change: 0, remove: 0, count: 0, add: 0, listed: 0 }
  let calls = { ...none }
  let reads = 0

  const begin = (operation: Operation, deadline: Deadline): void => {
    calls[operation] += 1
    if (deadline.remainingMs() === 0) throw refused('DeadlineExceeded', 'no time is left')
  }

  const enlist = (pk: string, before: Item | undefined, after: Item | undefined): void => {
    const from = placeOf(pk, before)
    const to = placeOf(pk, after)
    if (from?.list === to?.list && from?.at === to?.at) return
    if (from !== undefined) {
      const list = lists.get(from.list) ?? []
      list.splice(firstNotBefore(list, from), 1)
    }
    if (to !== undefined) {
      const list = lists.get(to.list) ?? []
      lists.set(to.list, list)
      list.splice(firstNotBefore(list, to), 0, { at: to.at, pk })
    }
  }

  const write = (pk: string, item: Item): void => {
    checkItem(item)
    enlist(pk, items.get(pk), item)
    items.set(pk, Object.freeze(item))
  }

  return {
    get: async (pk, deadline) => {
      begin('get', deadline)
      checkKey('pk', pk)
      const item = items.get(pk)
      if (item !== undefined) reads += 1
      return item
    },

    change: async (pk, { set = {}, remove = [], ifSeen = {} }, deadline) => {
      begin('change', deadline)
      const settings = Object.entries(set).filter((entry): entry is [string, Value] => entry[1] !== undefined)
      checkKey('pk', pk)
      checkNames([...settings.map(([name]) => name), ...remove], settings.length + new Set(remove).size)
      checkValues([...settings, ...Object.entries(ifSeen)])
      const item = items.get(pk)
      if (!isAsSeen(item, ifSeen)) return false
      // removing alone makes no item
      if (item === undefined && settings.length === 0 && remove.length > 0) return true
      const kept = Object.entries(item ?? { pk }).filter(([name]) => !remove.includes(name))
      write(pk, Object.fromEntries([...kept, ...settings.map(([name, value]) => [name, unsigned(value)])]))
      return true
    },

    remove: async (pk, ifSeen, deadline) => {
      begin('remove', deadline)
      checkKey('pk', pk)
      checkValues(Object.entries(ifSeen))
      const item = items.get(pk)
      if (!isAsSeen(item, ifSeen)) return false
      enlist(pk, item, undefined)
      items.delete(pk)
      return true
    },

    count: async (pk, sweepAt, deadline) => {
      begin('count', deadline)
      checkKey('pk', pk)
      checkValues([['sweepAt', sweepAt]])
      const item = items.get(pk) ?? { pk }
      const count = sumOf('count', item['count'], 1)
      write(pk, { ...item, count, sweepAt })
      return count
    },

    add: async (pk, { add, sweepAt }, deadline) => {
      begin('add', deadline)
      checkKey('pk', pk)
      checkValues([...Object.entries(add), ['sweepAt', sweepAt]])
      const item = items.get(pk) ?? { pk }
      const sums = Object.entries(add).map(([name, amount]) => [name, sumOf(name, item[name], amount)])
      write(pk, { ...item, ...Object.fromEntries(sums), sweepAt })
    },

    // each page is of its own moment, like a Query: what moves on in the meantime can come twice
    listed: async function* (list, until, deadline) {
      let after: Place | undefined
      for (;;) {
        begin('listed', deadline)
        checkKey('listedIn', list)
        checkValues([['listedAt', until]])
        const places = lists.get(list) ?? []
        const start = after === undefined ? 0 : firstNotBefore(places, { at: after.at, pk: `${after.pk}\0` })
        const page = places.slice(start, start + PAGE).filter(({ at }) => at <= until)
        reads += page.length
        if (page.length > 0) yield page.map(({ pk }) => shown(items.get(pk) ?? { pk }))
        if (page.length < PAGE) return
        after = page.at(-1)
      }
    },

    reads: () => reads,
    calls: () => ({ ...calls }),
    resetCounters: () => {
      calls = { ...none }
      reads = 0
    },
    dump: () => [...items.values()],
  }
}

const placeOf = (pk: string, item: Item | undefined): (Place & { readonly list: string }) | undefined => {
  const { listedIn, listedAt } = item ?? {}
  return typeof listedIn === 'string' && typeof listedAt === 'number'
    ? { list: listedIn, at: listedAt, pk }
    : undefined
}

/** The index of the first place that does not stand before this one, by halving. */
const firstNotBefore = (places: readonly Place[], { at, pk }: Place): number => {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const place = places[middle] as Place
    if (place.at < at || (place.at === at && place.pk < pk)) low = middle + 1
    else high = middle
  }
  return low
}

const SHOWN = new Set<string>(['pk', 'listedIn', 'listedAt', ...LISTED])

const shown = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => SHOWN.has(name)))

const isAsSeen = (item: Item | undefined, ifSeen: AsSeen): boolean =>
  Object.entries(ifSeen).every(([name, value]) => item?.[name] === value)

const sumOf = (name: string, before: Value = 0, amount: number): number => {
  if (typeof before !== 'number') throw refused('ValidationException', `${name}: expected a number`)
  return before + amount
}

/** DynamoDB knows no negative zero. */
const unsigned = (value: Value): Value => (value === 0 ? 0 : value)

const checkKey = (name: string, value: unknown): void => {
  const isKey = typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MAX_KEY_BYTES
  if (!isKey) throw refused('ValidationException', `${name}: expected 1 to ${MAX_KEY_BYTES} bytes of text`)
}

/** The key never changes, and no attribute is written twice in one change. */
const checkNames = (names: readonly string[], expected: number): void => {
  if (names.includes('pk')) throw refused('ValidationException', 'pk: cannot be changed')
  if (new Set(names).size !== expected)
    throw refused('ValidationException', 'an attribute is set and removed')
}

const checkValues = (entries: readonly (readonly [string, Value | undefined])[]): void => {
  for (const [name, value] of entries) {
    if (name === '') throw refused('ValidationException', 'expected an attribute with a name')
    if (value === undefined || typeof value === 'string') continue
    const isNumber = Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= 1e-130)
    if (!isNumber) throw refused('ValidationException', `${name}: expected text or a number up to 2^53 - 1`)
  }
}

const checkItem = (item: Item): void => {
  const { listedIn, listedAt } = item
  if (listedIn !== undefined) checkKey('listedIn', listedIn)
  if (typeof listedAt === 'string') throw refused('ValidationException', 'listedAt: expected a number')
  const bytes = Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(`${name}${value}`),
    0,
  )
  if (bytes > MAX_ITEM_BYTES) throw refused('ValidationException', `expected at most ${MAX_ITEM_BYTES} bytes`)
}

const refused = (reason: string, message: string): BridgeError =>
  new BridgeError('TOKEN_STORE_UNAVAILABLE', `the token store in memory: ${message}`, { detail: { reason } })
