/** Takes a caller out of a stage: all its keys, or an issuer's entry, wherever they are listed. */

import { shownKey } from '../../../lib/callers/items.ts'
import type { Say } from '../command.ts'
import { type Found, findCallers } from './find.ts'
import { Lists } from './lists.ts'
import type { CallersStage, HeldLists } from './stage.ts'

/** `name`: a callerId, or an item as the list shows it, such as `key#0123456789ab`. Throws a sentence where there is none. */
export const revoke = async (stage: CallersStage, name: string, say: Say): Promise<void> => {
  const held = await stage.readSecret()
  const found = await findCallers(stage, held)
  const items = itemsNamed(found, name)
  const isInSecret = found.listed.some(({ callerId, pk }) => callerId === name && pk === undefined)
  if (items.length === 0 && !isInSecret)
    throw new Error(
      `No caller is called "${name}". Nothing was done. See: npm run callers -- list ${stage.options}`.trimEnd(),
    )
  for (const pk of items) await removeFrom(stage, pk, name)
  if (items.length > 0) say(`Taken out of the callers table: "${name}". It ends within a second.`)
  if (isInSecret) {
    await stage.replaceSecret(without(held, name), held)
    say(
      `Taken out of the secret "callers": "${name}". It ends within 330 s, when every function has read the secret again.`,
    )
  }
}

const itemsNamed = ({ listed, wrong }: Found, name: string): readonly string[] => [
  ...new Set(
    [
      ...listed.filter(({ callerId, pk }) => callerId === name || isShown(pk, name)),
      ...wrong.filter(({ pk }) => isShown(pk, name)),
    ].flatMap(({ pk }) => pk ?? []),
  ),
]

const isShown = (pk: string | undefined, name: string): boolean => pk !== undefined && shownKey(pk) === name

/** Of an issuer's item, which has several entries, the one that was named alone. */
const removeFrom = async (stage: CallersStage, pk: string, name: string): Promise<void> => {
  const others = pk.startsWith('issuer#') && !isShown(pk, name) ? await othersIn(stage, pk, name) : []
  if (others.length === 0) return stage.deleteItem(pk)
  await stage.putItems(new Map([[pk, JSON.stringify({ callers: [], issuers: others })]]))
}

const othersIn = async (stage: CallersStage, pk: string, name: string): Promise<readonly unknown[]> =>
  Lists.parse(JSON.parse((await stage.readItem(pk)) ?? '{}')).issuers.filter(
    (entry) => !isCalled(entry, name),
  )

const without = ({ lists }: HeldLists, name: string): Lists => ({
  ...lists,
  callers: lists.callers.filter((entry) => !isCalled(entry, name)),
  issuers: lists.issuers.filter((entry) => !isCalled(entry, name)),
})

const isCalled = (entry: unknown, name: string): boolean =>
  String((entry as { callerId?: unknown } | null)?.callerId).trim() === name
