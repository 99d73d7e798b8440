/** A second key for a caller that has one: both are good until one of them ends or is taken out, so that nobody has to change at one moment. */

import { keyItemKey, shownKey } from '../../../lib/callers/items.ts'
import type { Caller } from '../../../lib/schemas/taken-callers.ts'
import { findCallers } from '../callers/find.ts'
import { judged, listsIn } from '../callers/lists.ts'
import type { CallersStage, HeldLists } from '../callers/stage.ts'
import { putItems } from '../callers/write.ts'

type Key = Caller['keys'][number]

/** A key of a caller, and the item that holds it; undefined in the secret. */
interface Held {
  readonly caller: Caller
  readonly key: Key
  readonly pk: string | undefined
}

export interface Roll {
  readonly callerId: string
  readonly key: Key
  /** The key to take out, by its name: neither its end nor its place says for certain which of two is the older. */
  readonly drop: string | undefined
  readonly now: Date
}

const MOST_KEYS = 2

/** Puts the key beside the others. Returns what became of those, for people. Throws a sentence where there is no such caller, or no room. */
export const rollOver = async (stage: CallersStage, held: HeldLists, roll: Roll): Promise<string> => {
  const all = await keysOf(stage, held, roll.callerId)
  const [first] = all
  if (first === undefined)
    throw new Error(
      `The stage has no caller "${roll.callerId}" with a key. Nothing was done. See: npm run callers -- list ${stage.options}`.trimEnd(),
    )
  const kept = keptOf(all, roll)
  const gone = all.filter((one) => !kept.includes(one))
  if (first.pk === undefined) await inSecret(stage, held, { ...roll, kept })
  else {
    await putItems(stage, { callers: [{ ...first.caller, keys: [roll.key] }], issuers: [] })
    for (const { pk } of gone) if (pk !== undefined) await stage.deleteItem(pk)
  }
  const [old] = kept
  const dropped = gone.length === 0 ? '' : ` Taken out: ${gone.map(nameOf).join(', ')}.`
  return old === undefined
    ? `It is the only key.${dropped}`
    : `The key before it, ${nameOf(old)}, is good until ${endOf(old)}.${dropped}`
}

/** Those that have ended make room by themselves. */
const keptOf = (all: readonly Held[], { callerId, now, drop }: Roll): readonly Held[] => {
  const good = all.filter(({ key }) => key.expiresAt * 1000 > now.getTime())
  const kept = good.filter((one) => nameOf(one) !== drop)
  const names = good.map((one) => `${nameOf(one)} until ${endOf(one)}`)
  if (drop !== undefined && kept.length === good.length)
    throw new Error(
      `"${callerId}" has no key ${drop} that is good. Nothing was done. It has: ${names.join(', ')}.`,
    )
  if (kept.length < MOST_KEYS) return kept
  throw new Error(
    `"${callerId}" has two keys already: ${names.join(' and ')}. Nothing was done. ` +
      'Once the caller uses one of them alone, add --drop with the name of the other.',
  )
}

const nameOf = ({ key }: Held): string => shownKey(keyItemKey(key.sha256))
const endOf = ({ key }: Held): string => new Date(key.expiresAt * 1000).toISOString().slice(0, 10)

const keysOf = async (stage: CallersStage, held: HeldLists, callerId: string): Promise<readonly Held[]> => {
  const isNamed = (caller: Caller): boolean => caller.callerId === callerId
  const each = (callers: readonly Caller[], pk?: string): Held[] =>
    callers.filter(isNamed).flatMap((caller) => caller.keys.map((key) => ({ caller, key, pk })))
  const own = each(judged(held.lists).callers)
  if (own.length > 0 || !held.lists.table) return own
  const { listed } = await findCallers(stage, held)
  const items = listed.flatMap((one) =>
    one.callerId === callerId && one.kind === 'caller' ? (one.pk ?? []) : [],
  )
  const found = await Promise.all(
    [...new Set(items)].map(async (pk) => {
      const lists = listsIn((await stage.readItem(pk)) ?? '')
      return lists === undefined ? [] : each(judged(lists).callers, pk)
    }),
  )
  return found.flat()
}

const inSecret = async (
  stage: CallersStage,
  held: HeldLists,
  { callerId, key, kept }: Roll & { readonly kept: readonly Held[] },
): Promise<void> => {
  const keys = [...kept.map((one) => one.key), key]
  const callers = held.lists.callers.map((entry) =>
    isCalled(entry, callerId) ? { ...(entry as object), keys } : entry,
  )
  await stage.replaceSecret({ ...held.lists, callers }, held)
}

const isCalled = (entry: unknown, callerId: string): boolean =>
  String((entry as { callerId?: unknown } | null)?.callerId).trim() === callerId
